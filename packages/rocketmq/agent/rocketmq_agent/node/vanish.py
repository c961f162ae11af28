"""Topics and consumer groups that the program does not declare any more.

They go with their messages, so they go only when nothing in them is left to be read on any master
of the cluster: a topic that is gone from some of its brokers fails what is sent to these. Every
master takes its own away, and tells its slaves; whoever comes last has the name servers forget it.
"""

import time
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Set

from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import (
    all_queues,
    delete_route,
    delete_subscription_group_on,
    delete_topic_on,
    leave_order,
    queue_ends_on,
    rewind_on,
    route,
    settled,
    subscription_groups_on,
    topic_configs,
    topic_configs_on,
    unread_on,
)
from ..remoting.connection import Connection
from ..remoting.consumers import online_groups_on
from ..remoting.errors import RemotingError
from ..remoting.version import is_before_5
from ..result import Result
from ..steps import Document
from . import members, retries
from .node import Node
from .readers import readers_of, topics_of
from .retries import Retry
from .shared import is_users_group

# What a broker makes for a consumer group.
_RETRY, _DEAD = retries.PREFIX, "%DLQ%"
# A slave of RocketMQ 4.9 fetches its master's topics every 10 s.
_SLAVE_SECONDS = 25.0
_POLL_SECONDS = 1.0
# Of one question, to a broker that may be busy.
_TIMEOUT = 15.0
# A registration that was on its way brings a topic back, once.
_TRIES = 3


class Leaving(NamedTuple):
    """What is to be taken away."""

    topics: List[str]
    groups: List[str]


def check(document: Document, node: Node, address: str, leaving: Leaving) -> None:
    """Refuse what somebody still has to read, on any master, unless the program discards it."""
    discard: Dict[str, List[str]] = document.get("discard") or {}
    topics = [name for name in leaving.topics if name not in (discard.get("topics") or [])]
    groups = [
        name for name in leaving.groups if name not in (discard.get("subscriptionGroups") or [])
    ]
    if not topics and not groups:
        return
    discarded = Leaving(
        sorted(set(leaving.topics) - set(topics)), sorted(set(leaving.groups) - set(groups))
    )
    readers, read = readers_of(document, address, topics), topics_of(document, address, groups)
    found: List[str] = []
    for name, head in sorted(members.heads(document, address).items()):
        where = f"{name} (its slave: no master is there now)" if head.deputy else name
        with members.asked(name, head) as connection:
            there = topic_configs_on(connection)
            found += _unread(
                connection, where, {t: there[t] for t in topics if t in there}, readers, discarded
            )
            found += _retried(connection, where, there, Leaving(topics, groups), discarded)
            found += _unread_by(connection, where, there, read, set(leaving.topics))
    if found:
        raise StepError(
            ExitCode.REFUSED,
            f"{node.name}: {_names(leaving)} cannot be removed: messages would be lost",
            "Nothing was removed. Put it back into the program until consumers have read them; or"
            " name it in discardTopics or discardSubscriptionGroups to lose these messages.",
            found,
        )


def _names(leaving: Leaving) -> str:
    return ", ".join(
        [f"topic {name}" for name in leaving.topics]
        + [f"subscription group {name}" for name in leaving.groups]
    )


def _unread(
    connection: Connection,
    broker: str,
    topics: Dict[str, Any],
    readers: Mapping[str, Set[str]],
    discarded: Leaving,
) -> List[str]:
    queues = {name: all_queues(config) for name, config in topics.items()}
    return [
        f"topic {topic}: {count} messages on {broker}"
        + (f" unread by {group}" if group else ", which no consumer group reads")
        for topic, group, count in unread_on(connection, queues, is_users_group, readers)
        # A group that goes as well does not hold up its topics.
        if group not in discarded.groups
    ]


def _retried(
    connection: Connection, broker: str, there: Dict[str, Any], asked: Leaving, discarded: Leaving
) -> List[str]:
    """What groups took by pop and did not acknowledge, so that they are to get it again."""
    owners = {
        name: owner
        for name, owner in _retries(connection, there, asked).items()
        if owner.topic not in discarded.topics and owner.group not in discarded.groups
    }
    if not owners:
        return []
    queues = {name: all_queues(there[name]) for name in owners}
    readers = {name: [owner.group] for name, owner in owners.items()}
    return [
        f"topic {owners[one.topic].topic}: {one.messages} messages on {broker} that {one.group}"
        " took, did not acknowledge, and is to get again"
        for one in unread_on(connection, queues, known=readers)
        if one.group == owners[one.topic].group
    ]


def _retries(connection: Connection, there: Dict[str, Any], leaving: Leaving) -> Dict[str, Retry]:
    """Pop's retry topics that go with topics, and with groups."""
    groups = {*subscription_groups_on(connection), *leaving.groups}
    return {
        name: owner
        for name, owner in retries.of_pop(there, groups, {*there, *leaving.topics}).items()
        if owner.topic in leaving.topics or owner.group in leaving.groups
    }


def _unread_by(
    connection: Connection,
    broker: str,
    there: Dict[str, Any],
    read: Mapping[str, Set[str]],
    gone: Set[str],
) -> List[str]:
    """What groups still have to read, and that they do; by the topics that they read anywhere."""
    found: List[str] = []
    if not read:
        return found
    online = online_groups_on(connection, sorted(read))
    for group in sorted(read):
        if group in online:
            count = len(online[group].clients)
            found.append(f"subscription group {group}: {count} consumers connected to {broker}")
        topics = read[group] | {_RETRY + group}
        queues = {name: all_queues(there[name]) for name in topics & set(there) - gone}
        known = {name: [group] for name in queues}
        found += [
            f"subscription group {group}: {one.messages} messages of topic {one.topic} on {broker}"
            for one in unread_on(connection, queues, group.__eq__, known)
            if one.group == group or one.topic == _RETRY + group
        ]
    return found


def remove(document: Document, node: Node, address: str, leaving: Leaving, result: Result) -> None:
    """Take topics and groups off this master and its slaves, and off the name servers."""
    if not leaving.topics and not leaving.groups:
        return
    with Connection(address, _TIMEOUT) as connection:
        there = topic_configs_on(connection)
        topics = [
            *leaving.topics,
            *_topics_of(connection, leaving.groups, node, result),
            *_retries(connection, there, leaving),
        ]
        for name in topics:
            if name in there:
                delete_topic_on(connection, name)
        for name in leaving.groups:
            delete_subscription_group_on(connection, name)
        if is_before_5(connection.peer_version):
            # It keeps the offsets of a topic's readers, and a topic that is made anew under the
            # name would be read from there on. RocketMQ 5 drops them with the topic.
            rewind_on(connection, topics)
        left = topic_configs_on(connection)
    for name in leaving.topics:
        say(f"{node.name}: topic {name} removed")
        result.changed.append(f"topic {name} removed")
    for name in leaving.groups:
        say(f"{node.name}: subscription group {name} removed")
        result.changed.append(f"subscription group {name} removed")
    for slave in members.slaves(document).values():
        _tell(slave, topics, leaving.groups, set(left), result)
    _forget(document, address, topics)


def _topics_of(connection: Connection, groups: List[str], node: Node, result: Result) -> List[str]:
    """The topics that brokers made for groups; dead letters stay, as nobody reads them by now."""
    there = topic_configs_on(connection)
    found = [_RETRY + name for name in groups if _RETRY + name in there]
    for name in (_DEAD + group for group in groups):
        if name not in there:
            continue
        ends = queue_ends_on(connection, [(name, number) for number in all_queues(there[name])])
        count = sum(one.last - one.first for one in ends.values())
        if count:
            result.warnings.append(f"{node.name}: {count} dead letters stay in topic {name}")
        else:
            found.append(name)
    return found


def _tell(
    slave: str, topics: Iterable[str], groups: Iterable[str], left: Set[str], result: Result
) -> None:
    """Have a slave drop the queues of topics: their numbers begin anew if a topic comes again.

    By itself it drops only their names. A slave of RocketMQ 4.9 that is told to drop one topic
    drops the queues of every topic that it does not know, new ones of its master included.
    """
    try:
        with Connection(slave) as connection:
            known = set(topic_configs_on(connection))
            end = time.monotonic() + _SLAVE_SECONDS
            while is_before_5(connection.peer_version) and not left <= known:
                if time.monotonic() > end:
                    raise RemotingError(f"{slave}: it does not have its master's topics")
                time.sleep(_POLL_SECONDS)
                known = set(topic_configs_on(connection))
            for name in topics:
                delete_topic_on(connection, name)
            for name in groups:
                delete_subscription_group_on(connection, name)
    except RemotingError as error:
        result.warnings.append(
            f"a slave could not be told what was removed, and follows its master by itself: {error}"
        )


def _forget(document: Document, address: str, topics: List[str]) -> None:
    """Have the name servers forget what no master has any more, nor a slave without one."""
    broker, cluster = document["identity"]["brokerName"], document["identity"]["brokerClusterName"]
    elsewhere: Set[str] = set()
    for name, head in members.heads(document, address).items():
        if name != broker:
            elsewhere |= set(topic_configs(head.address))
    settled(lambda: [t for n in document["namesrv"] for t in topics if leave_order(n, t, broker)])
    for namesrv in document["namesrv"]:
        for topic in topics:
            for _ in range(_TRIES if topic not in elsewhere else 0):
                if route(namesrv, topic) is None:
                    break
                delete_route(namesrv, topic, cluster)
