"""The steps of a name server."""

from typing import Any, Dict

from ..adopt import compare, old_unit, take
from ..adopt.find import Found
from ..errors import ExitCode, StepError
from ..remoting.admin import get_namesrv_config
from ..remoting.errors import RemotingError
from ..remoting.namesrv import namesrv_version
from ..result import Result
from ..steps import Context, Document
from ..system import systemd
from ..system.files import read_text
from . import gate, release, steps, terms
from .known_brokers import KnownBrokers
from .lifecycle import Server
from .node import Node
from .reach import Reach, wanted
from .role import NAMESRV
from .unit import node_of


def configure(document: Document, context: Context) -> Result:
    """Start it if it never was started, else stage what changed."""
    result = Result()
    server = _server(document)
    _only_one(server.node)
    desired = release.resolve(server.node, document["release"], ())
    found = take.candidate(server.node, document, NAMESRV)
    if found is not None:
        _adopt(document, server.node, desired, found, result)
    steps.start_or_stage(server, NAMESRV, desired, result)
    terms.note(server.node, document)
    return result


def rollout(document: Document, context: Context) -> Result:
    """Switch to what was staged, or find it ready."""
    result = Result()
    document = terms.complete(_node(document), document)
    server = _server(document)
    desired = release.resolve(server.node, document["release"], ())
    steps.roll(server, NAMESRV, desired, result)
    return result


def _adopt(
    document: Document, node: Node, desired: release.Release, found: Found, result: Result
) -> None:
    """Take a name server that runs for the node's."""
    address = wanted(document)
    try:
        live, version = get_namesrv_config(address), namesrv_version(address)
    except RemotingError as error:
        raise take.refusal(node, [take.silent(error)]) from error
    problems = compare.version_problem(NAMESRV.title, version, desired.version)
    if problems:
        raise take.refusal(node, problems)
    take.check(node, NAMESRV, desired, live, found, "")
    node.make_folders()
    take.take(node, NAMESRV, desired, live, found, [], result)


def _only_one(node: Node) -> None:
    """Refuse a machine that has another name server: the preflight does, too, if it runs."""
    found = node_of(read_text(systemd.path_of(node.unit)) or "")
    if found not in ("", node.name):
        raise StepError(
            ExitCode.REFUSED,
            f"the name server of this machine is {found}, not {node.name}",
            "Give it the number that it has (nameServerNumbers); or take it out first, run"
            " pulumi up, and put the other one here then.",
        )


def _node(document: Document) -> Node:
    return Node(document, document["release"]["unit"]["name"])


def _server(document: Document) -> Server:
    node = _node(document)
    reach = Reach(node, document)
    brokers = KnownBrokers(reach.local)

    def check() -> str:
        address = reach.local()
        return brokers.missing() if gate.port_answers(address) else f"nothing answers on {address}"

    def hand_over(adopted: Dict[str, Any]) -> None:
        account = node.account()
        target = document["release"]["conf"].get(compare.KV_CONFIG, "")
        if target:
            old_unit.keep_copy(adopted["kvConfig"], target, account.pw_uid, account.pw_gid)

    return Server(
        node,
        check,
        NAMESRV.logs,
        NAMESRV.part_of,
        before_stop=brokers.remember,
        live=lambda: get_namesrv_config(reach.local()),
        hand_over=hand_over,
        reconcile=bool(document.get("reconcile")),
    )
