"""The steps of a broker."""

import contextlib
import time
from typing import Callable, Dict, List

from ..adopt import compare, old_conf, take
from ..adopt.find import Found
from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import cluster_info, get_broker_config
from ..remoting.broker import broker_runtime, broker_version
from ..remoting.errors import RemotingError
from ..remoting.permission import KEY, open_anew, set_open, writable
from ..result import Result
from ..steps import Context, Document
from ..system import systemd
from . import (
    backup,
    closing,
    declared,
    decommission,
    gate,
    hot,
    identity,
    members,
    name_servers,
    newcomer,
    release,
    shared,
    steps,
    terms,
)
from .drain import Drain, waits_for
from .lifecycle import Server
from .node import Node
from .reach import Reach, wanted
from .registration import Registration
from .replica import Replica
from .role import BROKER

# A broker whose store is whole answers within 10 s; on a machine with other work within a minute.
_STARTING_SECONDS = 90.0
_POLL_SECONDS = 0.25
_NAMESRV = "namesrvAddr"


def configure(document: Document, context: Context) -> Result:
    """Start it if it never was started; else apply hot keys and stage the rest; then topics."""
    result = Result()
    server = _server(document, rollout=False)
    node = server.node
    reach = Reach(node, document)
    found = take.candidate(node, document, BROKER)
    if found is None:
        identity.check(node, document["identity"])
    if found is None and not node.was_ready:
        _not_elsewhere(document)
        _not_before_its_slaves(document)
    node.make_folders()
    desired = release.resolve(node, document["release"], document["hot"])
    if found is not None:
        _adopt(document, server, desired, found, result)
    elif not node.adopted:
        identity.claim(node, document["identity"], document["release"]["conf"])
    if not node.was_ready:
        _before_first_start(document, node, result)
    try:
        _let_start(node, reach)
        declared.check(document, node, reach.local())
        started = steps.start_or_stage(server, BROKER, desired, result)
        closed = _note_closed(node, document)
        with contextlib.ExitStack() as undo:
            if started or _running(server, document, desired, result, undo):
                declared.apply(document, node, reach.local(), result)
                if closed:
                    closing.close(
                        node,
                        document,
                        reach.local(),
                        lambda: _write_conf(node, {}),
                        lambda: shared.join_orders(document, reach.local(), set()),
                        result,
                    )
            elif closed:
                closing.note(node, True, float(document["decommission"]["seconds"]))
                _write_conf(node, {})
            terms.note(node, document)
            # All of it went well.
            undo.pop_all()
    except RemotingError as error:
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{node.name}: {error}",
            f"The broker refused or did not answer. Its logs are in {node.logs}.",
        ) from error
    return result


def _let_start(node: Node, reach: Reach) -> None:
    """Wait for a process that somebody, or a boot, started a moment ago: it is asked next."""
    end = time.monotonic() + _STARTING_SECONDS
    while node.was_ready and systemd.state(node.unit).running and time.monotonic() < end:
        if gate.port_answers(reach.local()):
            return
        time.sleep(_POLL_SECONDS)


def rollout(document: Document, context: Context) -> Result:
    """Switch to what was staged, or find it ready."""
    result = Result()
    document = terms.complete(_node(document), document)
    server = _server(document, rollout=True)
    identity.check(server.node, document["identity"])
    desired = release.resolve(server.node, document["release"], ())
    steps.roll(server, BROKER, desired, result)
    newcomer.forget(server.node)
    _reopen(server.node, document, result)
    return result


def _before_first_start(document: Document, node: Node, result: Result) -> None:
    newcomer.note(node, _is_to_wait(document))
    # One that a step was cut off at has read its files.
    if not systemd.state(node.unit).running:
        shared.take_over(document, node, result)


def _is_to_wait(document: Document) -> bool:
    """Whether a master would wait in vain for a slave in its first moments."""
    return document["identity"]["brokerId"] == 0 and waits_for(document["release"]["conf"]) > 0


def _note_closed(node: Node, document: Document) -> bool:
    """Whether the group is being taken out; if it is not any more, have it opened again."""
    if document.get("decommission"):
        return True
    if closing.since(node.record) is not None:
        closing.note(node, False)
        decommission.forget(node.name)
        _write_conf(node, {})
    return False


def _adopt(
    document: Document, server: Server, desired: release.Release, found: Found, result: Result
) -> None:
    """Take a broker that runs for the node's, if it is the one that the program means."""
    node, own = server.node, document["identity"]
    address = wanted(document)
    try:
        live, version = get_broker_config(address), broker_version(address)
    except RemotingError as error:
        raise take.refusal(node, [take.silent(error)]) from error
    port = int(document["address"].rpartition(":")[2])
    problems = compare.identity_problems(port, live, own)
    problems += compare.version_problem(BROKER.title, version, desired.version)
    if problems:
        raise take.refusal(node, problems)
    root = own["storePathRootDir"]
    take.check(node, BROKER, desired, live, found, root)
    take.take(node, BROKER, desired, live, found, take.stores_of(root, desired.values), result)
    identity.note(node, own)


def _reopen(node: Node, document: Document, result: Result) -> None:
    """Open a broker that something left closed for writes."""
    closed = closing.since(node.record) is not None or document.get("decommission")
    if closed or newcomer.is_new(node.record):
        return
    try:
        address = Reach(node, document).local()
        opened = set_open(address, True)
        anew = not opened and _shown_closed(document)
        if anew:
            # What led producers away (`ordered`) was cut off, or somebody did it.
            open_anew(address)
        if opened or anew:
            _write_conf(node, {})
        # With clusterTopicEnable=false it always looks closed.
        if opened or (anew and not _shown_closed(document)):
            result.changed.append(f"{node.name} opened for writes")
    except RemotingError as error:
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{node.name} cannot be asked whether it is open for writes: {error}",
            f"Its logs are in {node.logs}. Run pulumi up again when it answers.",
        ) from error


def _shown_closed(document: Document) -> bool:
    """Whether a name server shows a master as closed for writes, whatever the master says."""
    broker = document["identity"]
    for namesrv in document["namesrv"] if broker["brokerId"] == 0 else ():
        # One that is away is the gate's affair.
        with contextlib.suppress(RemotingError):
            if writable(namesrv, broker["brokerClusterName"]).get(broker["brokerName"]) is False:
                return True
    return False


def _write_conf(node: Node, more: Dict[str, str], number: str = "") -> str:
    """Render the file of a release, of the current one unless told, with further keys."""
    found = release.load(node, number) if number else release.current(node)
    if found is None:
        return ""
    if node.adopted and node.adopted["release"] == found.number:
        old_conf.write(node.adopted["conf"], {KEY: {**closing.keys(node), **more}.get(KEY)})
        return str(found.number)
    document = {**found.document, "conf": {**found.values, **more}}
    shown = release.Release(document, found.hot, found.resolved)
    release.write_conf(node, BROKER, shown, f"{node.releases}/{found.number}")
    return str(found.number)


def _not_elsewhere(document: Document) -> None:
    """Refuse to start, with an empty store, a broker that runs on another machine."""
    broker = document["identity"]
    for namesrv in document["namesrv"]:
        try:
            ids = cluster_info(namesrv).brokers.get(broker["brokerName"], {})
        except RemotingError:
            # The gate says so if it does not come up.
            continue
        other = ids.get(broker["brokerId"]) or str(document["address"])
        if other != document["address"] and gate.port_answers(other):
            raise StepError(
                ExitCode.REFUSED,
                f"{broker['brokerName']} (id {broker['brokerId']}) runs on another machine"
                f" ({other}, says name server {namesrv})",
                "Here it would start without its messages. Set the machine's address back; to move"
                " a broker, add a group on the new machine and then take this one out"
                " (decommission).",
            )


def _not_before_its_slaves(document: Document) -> None:
    """Refuse to start a master with an empty store where slaves have its messages.

    They would follow it, topics and offsets included, and what only they have be lost: the machine
    of a master was replaced.
    """
    broker = document["identity"]
    if broker["brokerId"] != 0 or identity.has_messages(broker, document["release"]["conf"]):
        return
    slaves: Dict[int, str] = {}
    # The gate says so if no name server comes up.
    with contextlib.suppress(RemotingError):
        slaves = members.slaves(document)
    for slave in sorted(slaves.values()):
        with contextlib.suppress(RemotingError):
            if int(broker_runtime(slave).get("commitLogMaxOffset", "0")) > 0:
                raise StepError(
                    ExitCode.REFUSED,
                    f"{broker['brokerName']} has messages on its slave {slave}, and none here"
                    f" ({broker['storePathRootDir']}): its master would start empty, and the slave"
                    " follow it",
                    "Put the old master's store there first, or a copy of the slave's"
                    " (docs/alerts.md, RocketMQGroupWithoutMaster, says how). Or let consumers read"
                    " what they have not from the slave, name the dead machine in lost, and take"
                    " the group out. To give these messages up, stop the slave, and run pulumi up"
                    " again two minutes later.",
                )


def _running(
    server: Server,
    document: Document,
    desired: release.Release,
    result: Result,
    undo: contextlib.ExitStack,
) -> bool:
    """Apply hot keys to a node that was started before; whether it runs.

    `undo` takes them back should the rest of the step fail.
    """
    node = server.node
    running = release.current(node)
    assert running is not None and running.number is not None
    if systemd.state(node.unit).running:
        reach = Reach(node, document)
        old = running.values.get(_NAMESRV, "")
        at_once = _NAMESRV in hot.keys(running, desired)
        before = name_servers.begin(node, old, desired.values[_NAMESRV] if at_once else old)
        take_back = hot.apply(node, BROKER, running, desired, reach.local(), result)

        def undo_hot() -> None:
            if take_back():
                # The file, too: a broker that cannot be told any more starts with it.
                _write_conf(node, {})
                name_servers.end(node.name)

        undo.callback(undo_hot)
        _learn(node, document, before, running.values.get(_NAMESRV, ""))
        _reopen(node, document, result)
        return True
    message = f"{node.name} does not run (systemctl status '{node.unit}')"
    if declared.differs(document, node):
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{message}, so its topics and subscription groups cannot be changed",
            f"Start it (systemctl start '{node.unit}'), or see in {node.logs} why it stopped.",
        )
    if hot.keep(node, running, desired):
        _write_conf(node, {})
        if node.adopted:
            online = {key: desired.values[key] for key in desired.hot if key in desired.values}
            old_conf.write(node.adopted["conf"], online)
        result.changed.append("hot keys written for the next start")
    result.warnings.append(message)
    return False


def _learn(node: Node, document: Document, before: str, after: str) -> None:
    def registration(added: List[str]) -> Callable[[], str]:
        asked = {**document, "namesrv": added}
        return Registration(asked, Reach(node, document), lambda: _write_conf(node, {})).missing

    name_servers.wait(node, before, after, registration, BROKER.logs)


def _node(document: Document) -> Node:
    return Node(document, document["release"]["unit"]["name"])


def _server(document: Document, rollout: bool) -> Server:
    node = _node(document)
    store = document["identity"]["storePathRootDir"]

    def write_conf(more: Dict[str, str], number: str = "") -> str:
        return _write_conf(node, more, number)

    reach = Reach(node, document)
    registration = Registration(document, reach, lambda: write_conf({}))
    drain = Drain(document, node, reach.local, write_conf)
    slave = Replica(document, reach.local)

    def check() -> str:
        if not gate.port_answers(reach.local()):
            return f"nothing answers on {reach.local()}"
        drain.has_started()
        missing = registration.missing()
        if not missing and rollout:
            missing = slave.behind() if document["replica"] else drain.missing_at_first()
        return missing or drain.missing()

    saved: List[str] = []

    def before_stop() -> None:
        if document["replica"]:
            slave.note_master()
        running = release.current(node)
        folder = backup.take(node, store, str(running.number if running else "none"))
        if folder:
            saved[:] = [folder]
            say(f"{node.name}: topics, groups and offsets saved in {folder}")

    def after_stop() -> None:
        for folder in saved:
            backup.complete(store, folder)

    return Server(
        node,
        check,
        BROKER.logs,
        BROKER.part_of,
        store,
        lambda: slave.copied,
        before_stop,
        after_stop,
        drain.before_start,
        lambda: get_broker_config(reach.local()),
        bool(document.get("reconcile")),
        drain.around,
    )
