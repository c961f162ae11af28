"""What the brokers of a cluster share, taken over by a new one before its first start.

A broker registers every topic that is in its store's files when it starts. With the cluster's
topics there, no client ever sees a route that leads to it without its topic; and consumer groups
do not make themselves with RocketMQ's defaults before their settings come.

The source is one master that runs, found through the name servers: what this costs does not
depend on how many there are. Where no master is up it is a slave, which has the same (and in a
cluster that is being made, slaves may be first). Messages, offsets and queue mappings of static
topics are each broker's own. Filters of consumers come with their heartbeats.
"""

import contextlib
import json
import os
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import (
    cluster_info,
    declare_ordered,
    order_configs,
    request_modes,
    shared_groups,
    topic_configs,
)
from ..remoting.errors import RemotingError
from ..remoting.lenient import parse_lenient
from ..result import Result
from ..steps import Document
from ..system.files import make_folder, read_text, write_text
from .node import Node

# A master may be restarting in the same update; 5.5.0 takes up to half a minute for that.
_PATIENCE_SECONDS = 90.0
# A slave that starts without its master's topics gets them a minute later.
_MASTER_SECONDS = 60.0
_POLL_SECONDS = 1.0

# Every broker makes these for itself (TopicValidator and SubscriptionGroupManager of RocketMQ), or
# its consumers make them as they come.
_OWN_TOPICS = frozenset(
    [
        "TBW102",
        "SELF_TEST_TOPIC",
        "BenchmarkTest",
        "OFFSET_MOVED_EVENT",
        "SCHEDULE_TOPIC_XXXX",
        "TRANS_CHECK_MAX_TIME_TOPIC",
        "DefaultHeartBeatSyncerTopic",
    ]
)
OWN_TOPIC_PREFIXES = ("%", "rmq_sys_", "RMQ_SYS_")
_OWN_GROUPS = frozenset(["TOOLS_CONSUMER", "FILTERSRV_CONSUMER", "SELF_TEST_C_GROUP"])
_OWN_GROUP_PREFIXES = ("CID_RMQ_SYS_", "CID_ONSAPI_", "CID_ONS-HTTP-PROXY", "CID_SYS_RMQ_")

_TOPICS, _MODES = "topics.json", "messageRequestMode.json"
# RocketMQ's files, the tables in them, and what of `Shared` they hold.
_FILES = (
    (_MODES, (("messageRequestModeMap", "modes"),)),
    (
        "subscriptionGroup.json",
        (("subscriptionGroupTable", "groups"), ("forbiddenTable", "forbidden")),
    ),
    (_TOPICS, (("topicConfigTable", "topics"),)),
)


class Members(NamedTuple):
    """A cluster as its name servers know it."""

    # Of the other groups.
    names: List[str]
    # Their brokers, masters first: id, name, address.
    brokers: List[Tuple[int, str, str]]


def is_users_topic(name: str, own_names: Set[str]) -> bool:
    """Whether a topic is a user's. `own_names`: those that brokers name after themselves."""
    return (
        name not in _OWN_TOPICS
        and name not in own_names
        and not name.startswith(OWN_TOPIC_PREFIXES)
    )


def is_users_group(name: str) -> bool:
    """Whether a consumer group is a user's."""
    return name not in _OWN_GROUPS and not name.startswith(_OWN_GROUP_PREFIXES)


class Shared(NamedTuple):
    """What one broker of the cluster has of what all share."""

    source: str
    topics: Dict[str, Any]
    groups: Dict[str, Any]
    # RocketMQ 5: topics that a group may not read.
    forbidden: Dict[str, Any]
    # RocketMQ 5: how a group reads a topic, by topic.
    modes: Dict[str, Any]


def take_over(
    document: Document,
    node: Node,
    result: Result,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Have the cluster's topics and groups in the store of a broker before its first start.

    One that comes back to its old store keeps what that has, which its messages fit, and gets what
    was made meanwhile.
    """
    identity = document["identity"]
    folder = os.path.join(identity["storePathRootDir"], "config")
    comes_back = os.path.exists(os.path.join(folder, _TOPICS))
    slave = identity["brokerId"] != 0
    try:
        source = _from_its_master if slave else _from_the_cluster
        found = source(document, node, sleep)
    except StepError as error:
        if not comes_back:
            raise
        # What it has served the cluster before.
        result.warnings.append(
            f"{node.name} starts with the topics of its old store alone: {error.message}"
        )
        return
    if found is None or not (found.topics or found.groups):
        return
    added = _add(found, folder, node, result)
    if not any(added.values()):
        return
    what = f"{added['topics']} topics and {added['groups']} consumer groups of {found.source}"
    say(f"{node.name}: has {what} before its first start")
    result.changed.append(f"{what} taken over")


def _add(found: Shared, folder: str, node: Node, result: Result) -> Dict[str, int]:
    """Write what RocketMQ's files do not have; how much of each member of `found` that is."""
    account = node.account()
    make_folder(folder, 0o750, account.pw_uid, account.pw_gid)
    added = dict.fromkeys(Shared._fields, 0)
    for name, tables in _FILES:
        path = os.path.join(folder, name)
        content = _content(path)
        if content is None:
            result.warnings.append(f"{path} cannot be read, and was left as it is")
            continue
        for table, member in tables:
            own = content.get(table) or {}
            new = {key: value for key, value in getattr(found, member).items() if key not in own}
            if new:
                content[table] = {**own, **new}
                added[member] = len(new)
        if any(added[member] for _, member in tables):
            if name != _MODES:
                # Slaves compare it with what they have.
                old = content.get("dataVersion") or {}
                content["dataVersion"] = {
                    **old,
                    "timestamp": int(time.time() * 1000),
                    "counter": int(old.get("counter", 0)) + 1,
                }
            write_text(path, json.dumps(content, indent=2, sort_keys=True) + "\n", 0o640)
            os.chown(path, account.pw_uid, account.pw_gid)
    return added


def _content(path: str) -> Optional[Dict[str, Any]]:
    """What is in a file of RocketMQ's; None where that cannot be told."""
    try:
        content = parse_lenient(read_text(path) or "{}")
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _from_the_cluster(
    document: Document, node: Node, sleep: Callable[[float], None]
) -> Optional[Shared]:
    """What a broker that runs has; None in a cluster without brokers."""
    end = time.monotonic() + _PATIENCE_SECONDS
    told = False
    while True:
        trouble: List[str] = []
        members = _members(document, trouble)
        if not members.names and not trouble:
            return None
        for _, name, address in members.brokers:
            try:
                return _shared(name, address, document, members.names)
            except RemotingError as error:
                trouble.append(f"{name}: {error}")
        if time.monotonic() > end:
            raise _nobody(node, trouble)
        if not told:
            say(f"{node.name}: waiting for a broker that has the cluster's topics")
            told = True
        sleep(_POLL_SECONDS)


def _from_its_master(
    document: Document, node: Node, sleep: Callable[[float], None]
) -> Optional[Shared]:
    """Everything that the master has, its own topics included; None if it does not come.

    A slave gets this by itself: one of RocketMQ 5 a minute after its start, and until then refuses
    consumers of topics whose messages it has. So the slave of a group that joins a cluster with
    topics waits for its master, which starts in the same update. In a cluster that is being made
    there is nothing to take, and slaves may be first.
    """
    end = time.monotonic() + _MASTER_SECONDS
    found = _of_its_master(document)
    if found is not None or not _others_have_topics(document):
        return found
    say(f"{node.name}: waiting for its master, which takes over the cluster's topics")
    while found is None and time.monotonic() < end:
        sleep(_POLL_SECONDS)
        found = _of_its_master(document)
    return found


def _others_have_topics(document: Document) -> bool:
    members = _members(document, [])
    for _, name, address in members.brokers:
        with contextlib.suppress(RemotingError):
            return bool(_shared(name, address, document, members.names).topics)
    return False


def _of_its_master(document: Document) -> Optional[Shared]:
    name = document["identity"]["brokerName"]
    for namesrv in document["namesrv"]:
        with contextlib.suppress(RemotingError):
            address = cluster_info(namesrv).brokers.get(name, {}).get(0)
            if address is not None:
                groups, forbidden = shared_groups(address)
                return Shared(
                    name, topic_configs(address), groups, forbidden, request_modes(address)
                )
    return None


def _nobody(node: Node, trouble: List[str]) -> StepError:
    return StepError(
        ExitCode.GATE_FAILED,
        f"{node.name} was not started: no broker of this cluster could be asked for its topics",
        "A new broker group takes the cluster's topics and consumer groups from a master that"
        " runs, or clients would be sent to it in vain. Have one broker group up"
        " (systemctl status mqbroker on its machine), and reachable from this machine; then run"
        " pulumi up again. Nothing is running on this machine yet.",
        trouble,
    )


def _members(document: Document, trouble: List[str]) -> Members:
    identity = document["identity"]
    names: Set[str] = set()
    brokers: Set[Tuple[int, str, str]] = set()
    for namesrv in document["namesrv"]:
        try:
            found = cluster_info(namesrv)
        except RemotingError as error:
            trouble.append(f"name server {namesrv}: {error}")
            continue
        for name in found.clusters.get(identity["brokerClusterName"], []):
            ids = found.brokers.get(name, {})
            if name == identity["brokerName"] or not ids:
                continue
            names.add(name)
            brokers.update((number, name, address) for number, address in ids.items())
    return Members(sorted(names), sorted(brokers))


def _shared(source: str, address: str, document: Document, names: List[str]) -> Shared:
    identity = document["identity"]
    cluster = identity["brokerClusterName"]
    own = {cluster, f"{cluster}_REPLY_TOPIC", identity["brokerName"], *names}
    topics = {
        name: config for name, config in topic_configs(address).items() if is_users_topic(name, own)
    }
    groups, forbidden = shared_groups(address)
    return Shared(
        source,
        topics,
        {name: config for name, config in groups.items() if is_users_group(name)},
        {name: table for name, table in forbidden.items() if is_users_group(name)},
        {name: table for name, table in request_modes(address).items() if name in topics},
    )


def join_orders(document: Document, address: str, declared: Set[str]) -> List[str]:
    """Have this broker in the order of every ordered topic that it has, on every name server.

    What is declared in the program is done by the declaration. To be called when it is registered:
    producers of an ordered topic send to every broker that its order names. A name server that is
    new learns the orders so, too. Returns what was changed.
    """
    notes: Dict[str, Set[str]] = {}
    for namesrv in document["namesrv"]:
        # One that is away is the gate's affair.
        with contextlib.suppress(RemotingError):
            notes[namesrv] = set(order_configs(namesrv))
    known = set().union(*notes.values()) - declared
    if not known:
        return []
    own = topic_configs(address)
    broker = document["identity"]["brokerName"]
    done: List[str] = []
    for topic in sorted(known & set(own)):
        for namesrv in notes:
            if declare_ordered(namesrv, topic, broker, int(own[topic]["writeQueueNums"])):
                done.append(f"order of topic {topic} on {namesrv}")
    return done
