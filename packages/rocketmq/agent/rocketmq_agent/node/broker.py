"""The steps of a broker."""

from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import (
    cluster_info,
    create_subscription_groups,
    create_topics,
    declare_ordered,
    replication,
)
from ..remoting.errors import RemotingError
from ..result import Result
from ..steps import Context, Document
from ..system import systemd
from . import backup, gate, hot, identity, release, steps
from .lifecycle import Server
from .node import Node
from .registration import Registration
from .role import BROKER

# A slave this close to its master has what was there when it was asked: under load the master
# writes on between the two questions.
_IN_SYNC_BYTES = 1 << 20


def configure(document: Document, context: Context) -> Result:
    """Start it if it never was started; else apply hot keys and stage the rest; then topics."""
    result = Result()
    server = _server(document, replica=False)
    node = server.node
    identity.check(node, document["identity"])
    node.make_folders()
    identity.claim(node, document["identity"], document["release"]["conf"])
    desired = release.resolve(node, document["release"], document["hot"])
    try:
        started = steps.start_or_stage(server, BROKER, desired, result)
        if started or _running(server, document, desired, result):
            _topics(document, node, result)
    except RemotingError as error:
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{node.name}: {error}",
            f"The broker refused or did not answer. Its logs are in {node.logs}.",
        ) from error
    return result


def rollout(document: Document, context: Context) -> Result:
    """Switch to what was staged, or find it ready."""
    result = Result()
    server = _server(document, bool(document["replica"]))
    identity.check(server.node, document["identity"])
    desired = release.resolve(server.node, document["release"], ())
    steps.roll(server, BROKER, desired, result)
    return result


def _running(server: Server, document: Document, desired: release.Release, result: Result) -> bool:
    """Apply hot keys to a node that was started before; whether it runs."""
    node = server.node
    running = release.current(node)
    assert running is not None and running.number is not None
    if systemd.state(node.unit).running:
        hot.apply(node, BROKER, running, desired, _local(document), result)
        return True
    if hot.keep(node, running, desired):
        folder = f"{node.releases}/{running.number}"
        release.write_conf(node, BROKER, running, folder)
        result.changed.append("hot keys written for the next start")
    message = f"{node.name} does not run (systemctl status '{node.unit}')"
    asked = {key: document.get(key) for key in ("topics", "subscriptionGroups")}
    if asked != node.record.get("declared", asked):
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{message}, so its topics and subscription groups cannot be changed",
            f"Start it (systemctl start '{node.unit}'), or see in {node.logs} why it stopped.",
        )
    result.warnings.append(message)
    return False


def _topics(document: Document, node: Node, result: Result) -> None:
    """Have the declared topics and subscription groups on a master."""
    topics, groups = document.get("topics"), document.get("subscriptionGroups")
    address = _local(document)
    for name in create_topics(address, topics or {}):
        say(f"{node.name}: topic {name}")
        result.changed.append(f"topic {name}")
    for name, topic in (topics or {}).items():
        for namesrv in document["namesrv"] if topic["order"] else ():
            broker = document["identity"]["brokerName"]
            if declare_ordered(namesrv, name, broker, topic["writeQueueNums"]):
                result.changed.append(f"order of topic {name} on {namesrv}")
    for name in create_subscription_groups(address, groups or {}):
        say(f"{node.name}: subscription group {name}")
        result.changed.append(f"subscription group {name}")
    declared = {"topics": topics, "subscriptionGroups": groups}
    if node.record.get("declared") != declared:
        node.record["declared"] = declared
        node.save()


def _local(document: Document) -> str:
    bind = document["release"]["conf"].get("bindAddress", "")
    return gate.local_address(document["address"], bind)


def _server(document: Document, replica: bool) -> Server:
    node = Node(document, document["release"]["unit"]["name"])
    store = document["identity"]["storePathRootDir"]

    def restore_conf() -> None:
        running = release.current(node)
        if running is not None:
            folder = f"{node.releases}/{running.number}"
            release.write_conf(node, BROKER, running, folder)

    registration = Registration(document, _local(document), restore_conf)

    def check() -> str:
        if not gate.port_answers(_local(document)):
            return f"nothing answers on {_local(document)}"
        return registration.missing() or (_behind(document) if replica else "")

    def before_stop() -> None:
        running = release.current(node)
        folder = backup.take(node, store, str(running.number if running else "none"))
        if folder:
            say(f"{node.name}: topics, groups and offsets saved in {folder}")

    return Server(node, check, BROKER.logs, BROKER.part_of, store, before_stop)


def _behind(document: Document) -> str:
    """How far the slave is behind its master; nothing when it has caught up."""
    name = document["identity"]["brokerName"]
    try:
        master = cluster_info(document["namesrv"][0]).brokers.get(name, {}).get(0)
        if master is None:
            return f"its master ({name}, id 0) is not registered"
        found = replication(master, _local(document))
    except RemotingError as error:
        return f"its replication cannot be seen ({error})"
    if found.connected is False:
        return f"it is not connected to its master {master}"
    if found.lag_bytes > _IN_SYNC_BYTES:
        return f"it is {found.lag_bytes >> 20} MiB behind its master {master}"
    return ""
