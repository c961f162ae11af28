"""The steps of a name server."""

import time
from typing import Optional, Set, Tuple

from ..remoting.admin import cluster_info, get_namesrv_config
from ..remoting.errors import RemotingError
from ..result import Result
from ..steps import Context, Document
from . import gate, release, steps
from .lifecycle import Server
from .node import Node
from .role import NAMESRV

# Brokers register every 30 s. One that does not by then is away for reasons of its own.
_BROKERS_SECONDS = 45.0


def configure(document: Document, context: Context) -> Result:
    """Start it if it never was started, else stage what changed."""
    result = Result()
    server = _server(document)
    desired = release.resolve(server.node, document["release"], ())
    steps.start_or_stage(server, NAMESRV, desired, result)
    return result


def rollout(document: Document, context: Context) -> Result:
    """Switch to what was staged, or find it ready."""
    result = Result()
    server = _server(document)
    desired = release.resolve(server.node, document["release"], ())
    steps.roll(server, NAMESRV, desired, result)
    return result


def local(document: Document) -> str:
    """Where the name server is reached from its own machine."""
    bind = document["release"]["conf"].get("bindAddress", "")
    return gate.local_address(document["address"], bind)


def _server(document: Document) -> Server:
    node = Node(document, document["release"]["unit"]["name"])
    address = local(document)
    brokers = Brokers(address)

    def check() -> str:
        return brokers.missing() if gate.port_answers(address) else f"nothing answers on {address}"

    return Server(
        node,
        check,
        NAMESRV.logs,
        NAMESRV.part_of,
        before_stop=brokers.remember,
        live=lambda: get_namesrv_config(address),
        reconcile=bool(document.get("reconcile")),
    )


class Brokers:
    """What a name server knows, and forgets with a restart.

    Before it knows it again the next one must not be restarted, nor a broker be drained.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._known: Set[Tuple[str, int]] = set()
        self._answers: Optional[float] = None

    def remember(self) -> None:
        """Before it is stopped."""
        try:
            self._known = self._registered()
        except RemotingError:
            self._known = set()

    def missing(self) -> str:
        """Who is not registered again, or that it does not answer; nothing when it is ready."""
        try:
            left = self._known - self._registered()
        except RemotingError:
            return f"{self._address} does not answer as a name server"
        now = time.monotonic()
        self._answers = self._answers or now
        if not left or now - self._answers > _BROKERS_SECONDS:
            return ""
        return f"{len(left)} brokers have not registered again"

    def _registered(self) -> Set[Tuple[str, int]]:
        found = cluster_info(self._address, 2.0).brokers
        return {(name, number) for name, ids in found.items() for number in ids}
