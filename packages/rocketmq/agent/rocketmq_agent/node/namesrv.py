"""The steps of a name server."""

from ..remoting.admin import namesrv_alive
from ..result import Result
from ..steps import Context, Document
from . import gate, release, steps
from .lifecycle import Server
from .node import Node
from .role import NAMESRV


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


def _server(document: Document) -> Server:
    node = Node(document, document["release"]["unit"]["name"])
    bind = document["release"]["conf"].get("bindAddress", "")
    address = gate.local_address(document["address"], bind)

    def check() -> str:
        if not gate.port_answers(address):
            return f"nothing answers on {address}"
        return "" if namesrv_alive(address) else f"{address} does not answer as a name server"

    return Server(node, check, NAMESRV.logs, NAMESRV.part_of)
