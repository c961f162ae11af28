"""Where a server is reached: by the release that is in place, not by the one that is wanted.

Its port and bind address change with its restart only, and change back where the last good release
is put back. So they are looked up whenever they are used.
"""

from ..steps import Document
from . import gate, release
from .node import Node


class Reach:
    """The addresses of one name server or broker."""

    def __init__(self, node: Node, document: Document) -> None:
        self._node = node
        self._document = document

    def local(self) -> str:
        """Where it is reached from its own machine now."""
        running = release.current(self._node)
        if running is None:
            return wanted(self._document)
        return gate.local_address(self.announced(), running.values.get("bindAddress", ""))

    def announced(self) -> str:
        """The address that it gives to others now."""
        address = str(self._document["address"])
        running = release.current(self._node)
        if running is None:
            return address
        host, _, port = address.rpartition(":")
        conf = running.values
        return f"{conf.get('brokerIP1', host)}:{conf.get('listenPort', port)}"


def wanted(document: Document) -> str:
    """Where it is reached from its own machine when it runs as the program says."""
    bind = document["release"]["conf"].get("bindAddress", "")
    return gate.local_address(document["address"], bind)
