"""The steps of a name server."""

from ..remoting.admin import get_namesrv_config
from ..result import Result
from ..steps import Context, Document
from . import gate, release, steps
from .known_brokers import KnownBrokers
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


def local(document: Document) -> str:
    """Where the name server is reached from its own machine."""
    bind = document["release"]["conf"].get("bindAddress", "")
    return gate.local_address(document["address"], bind)


def _server(document: Document) -> Server:
    node = Node(document, document["release"]["unit"]["name"])
    address = local(document)
    brokers = KnownBrokers(address)

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
