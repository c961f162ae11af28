"""What a master holds that somebody is still to read.

Read in the order in which messages go: first where they wait (delayed, timer, half messages, check
points), then the topics that they go to from there, so that none is missed on its way. What goes
back, a retry, is found by looking twice.
"""

from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Sequence, Set, Tuple

from ..remoting import revive
from ..remoting.backlog import QueueEnds, all_queues, queue_ends_on
from ..remoting.broker import broker_runtime_on
from ..remoting.connection import Connection
from ..remoting.consumers import Group, online_groups_on
from ..remoting.groups import subscription_groups_on
from ..remoting.offsets import consumer_offsets_on, delay_offsets_on
from ..remoting.topics import topic_configs_on
from . import retries
from .shared import is_users_group, is_users_topic

_TIMEOUT = 10.0
# Of a broker with thousands of topics.
_BUDGET = 60.0

_RETRY, _DEAD = retries.PREFIX, "%DLQ%"
_DELAYED = "SCHEDULE_TOPIC_XXXX"
_HALF, _HALF_GROUP = "RMQ_SYS_TRANS_HALF_TOPIC", "CID_RMQ_SYS_TRANS"
_TIMER = "rmq_sys_wheel_timer"
# What the broker itself still has to hand out: the topic where it waits, by which it is waived.
_HELD = {
    "delayed messages": _DELAYED,
    "timer messages": _TIMER,
    "undecided transactions": _HALF,
    "taken and not acknowledged": revive.TOPIC_PREFIX,
}
# Half messages whose producer never said what became of them: they wait for a person.
_UNDECIDED = "TRANS_CHECK_MAX_TIME_TOPIC"

# Committed offsets: (topic, group) to queue id to offset.
Offsets = Dict[Tuple[str, str], Dict[int, int]]


class Waived(NamedTuple):
    """What nobody has to read."""

    groups: FrozenSet[str] = frozenset()
    topics: FrozenSet[str] = frozenset()


class Remainder(NamedTuple):
    """Unread messages. Nothing that is zero is in it."""

    # By consumer group and topic.
    groups: Dict[Tuple[str, str], int]
    # Topics that no consumer group has ever read.
    orphans: Dict[str, int]
    # What the broker itself still has to hand out: kind to number.
    held: Dict[str, int]
    # Groups whose clients alone know what they have read.
    broadcasting: List[str]
    # How many messages the broker has stored; the same in two looks when nothing came between.
    stored: str
    # Bytes that are stored, and in no queue yet.
    undispatched: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read, and nothing that will be."""
        return not self.total and not self.undispatched

    @property
    def total(self) -> int:
        """Messages to be read; one that two groups read counts twice."""
        return sum([*self.groups.values(), *self.orphans.values(), *self.held.values()])

    def lines(self) -> List[str]:
        """What is left, one line each: groups by name, the largest topics first."""
        told = []
        for group in sorted({group for group, _ in self.groups}):
            topics = {topic: n for (name, topic), n in self.groups.items() if name == group}
            parts = [f"{topic} {topics[topic]}" for topic in sorted(topics, key=_largest(topics))]
            told.append(f"consumer group {group}: {sum(topics.values())} ({', '.join(parts)})")
        told += [
            f"topic {topic}: {count}, and no consumer group has ever read it"
            for topic, count in sorted(self.orphans.items())
        ]
        told += [f"{kind}: {count} (in {_HELD[kind]})" for kind, count in sorted(self.held.items())]
        return told

    def summary(self) -> str:
        """The same in one line."""
        groups: Dict[str, int] = {}
        for (group, _), count in self.groups.items():
            groups[group] = groups.get(group, 0) + count
        parts = [f"{group} {groups[group]}" for group in sorted(groups)]
        parts += [f"never read {sum(self.orphans.values())}"] if self.orphans else []
        parts += [f"{kind} {count}" for kind, count in sorted(self.held.items())]
        return f"{self.total} unread: {', '.join(parts)}" if parts else "nothing unread"


def _largest(counts: Mapping[str, int]) -> Any:
    return lambda name: (-counts[name], name)


class Master(NamedTuple):
    """What one master says, as far as it tells what is unread."""

    # Topics that users' messages are in.
    topics: Dict[str, Dict[int, QueueEnds]]
    offsets: Offsets
    # Consumer groups that are connected.
    online: Dict[str, Group]
    held: Dict[str, int]
    stored: str
    undispatched: int = 0


def read(
    address: str,
    own_names: Set[str],
    elsewhere: Iterable[Offsets],
    waived: Waived,
) -> Remainder:
    """Ask a master. `elsewhere` are the offsets of the cluster's other masters.

    Raises RemotingError when it does not answer.
    """
    with Connection(address, _TIMEOUT, _BUDGET) as connection:
        return judge(_ask(connection, own_names), elsewhere, waived)


def offsets_of(address: str) -> Offsets:
    """Who has read what on a master, to see who reads a topic at all."""
    with Connection(address, _TIMEOUT, _BUDGET) as connection:
        return consumer_offsets_on(connection)


def _ask(connection: Connection, own_names: Set[str]) -> Master:
    configs = topic_configs_on(connection)
    offsets = consumer_offsets_on(connection)
    groups = {*subscription_groups_on(connection), *(group for _, group in offsets)}
    online = online_groups_on(connection, filter(is_users_group, groups))
    runtime = broker_runtime_on(connection)
    held = _held(connection, configs, offsets, runtime)
    users = {name: one for name, one in configs.items() if _is_read(name, own_names)}
    return Master(
        _queues(connection, users),
        offsets,
        online,
        held,
        # Not msgPutTotalTodayNow, which leaves out what is put into topics of the broker's own.
        runtime.get("putMessageTimesTotal", ""),
        max(0, int(runtime.get("dispatchBehindBytes", 0))),
    )


def _queues(
    connection: Connection, topics: Mapping[str, Mapping[str, Any]]
) -> Dict[str, Dict[int, QueueEnds]]:
    asked = [(topic, number) for topic, one in topics.items() for number in all_queues(one)]
    found: Dict[str, Dict[int, QueueEnds]] = {}
    for (topic, number), ends in queue_ends_on(connection, asked).items():
        found.setdefault(topic, {})[number] = ends
    return found


def _is_read(topic: str, own_names: Set[str]) -> bool:
    return topic.startswith((_RETRY, _DEAD)) or (
        topic == _UNDECIDED or is_users_topic(topic, own_names)
    )


def _held(
    connection: Connection,
    configs: Mapping[str, Mapping[str, Any]],
    offsets: Offsets,
    runtime: Mapping[str, str],
) -> Dict[str, int]:
    revived = [name for name in configs if name.startswith(revive.TOPIC_PREFIX)]
    asked = {name: configs[name] for name in (_DELAYED, _HALF, *revived) if name in configs}
    levels = delay_offsets_on(connection) if _DELAYED in asked else {}
    queues = _queues(connection, asked)
    delivered = {level - 1: offset for level, offset in levels.items()}
    held = {
        "delayed messages": unread(queues.get(_DELAYED, {}), delivered),
        # RocketMQ 5: those in the wheel, and those that are not in it yet.
        "timer messages": sum(
            max(0, int(runtime.get(key, 0))) for key in ("timerCongestNum", "timerOffsetBehind")
        ),
        "undecided transactions": unread(
            queues.get(_HALF, {}), offsets.get((_HALF, _HALF_GROUP), {})
        ),
        "taken and not acknowledged": sum(
            revive.check_points_on(
                connection, name, queues[name], offsets.get((name, revive.GROUP), {})
            )
            for name in revived
        ),
    }
    return {kind: count for kind, count in held.items() if count}


def unread(queues: Mapping[int, QueueEnds], committed: Mapping[int, int]) -> int:
    """Messages that are still there and after the committed offsets."""
    return sum(
        max(0, high - max(low, committed.get(number, low)))
        for number, (low, high) in queues.items()
    )


def judge(master: Master, elsewhere: Iterable[Offsets], waived: Waived) -> Remainder:
    """Who has to read what yet: every group that reads a topic here, elsewhere, or right now."""
    readers = _readers(master, elsewhere)
    known = sorted({group for groups in readers.values() for group in groups} | set(master.online))
    groups: Dict[Tuple[str, str], int] = {}
    orphans: Dict[str, int] = {}
    broadcasting: Set[str] = set()
    for topic, queues in master.topics.items():
        there = unread(queues, {})
        if topic in waived.topics or not there:
            continue
        whose = readers.get(topic, set()) | _retrying(topic, known)
        if not whose:
            orphans[topic] = there
        for group in whose - waived.groups:
            online = master.online.get(group)
            if online is not None and online.broadcasting:
                broadcasting.add(group)
                continue
            count = unread(queues, master.offsets.get((topic, group), {}))
            if count:
                groups[group, topic] = count
    held = {kind: n for kind, n in master.held.items() if not _is_waived(_HELD[kind], waived)}
    return Remainder(
        groups, orphans, held, sorted(broadcasting), master.stored, master.undispatched
    )


def _is_waived(topic: str, waived: Waived) -> bool:
    # The topic of check points has the cluster's name at its end.
    return any(one.startswith(topic) for one in waived.topics)


def _readers(master: Master, elsewhere: Iterable[Offsets]) -> Dict[str, Set[str]]:
    readers: Dict[str, Set[str]] = {}
    for table in (master.offsets, *elsewhere):
        for topic, group in table:
            if is_users_group(group):
                readers.setdefault(topic, set()).add(group)
    for group, one in master.online.items():
        for topic in one.topics:
            readers.setdefault(topic, set()).add(group)
    return readers


def _retrying(topic: str, known: Sequence[str]) -> Set[str]:
    """The group of a retry topic: named after the group, with pop after group and topic."""
    if not topic.startswith(_RETRY):
        return set()
    rest = topic[len(_RETRY) :]
    if rest in known:
        return {rest}
    owners = [one for one in known if rest.startswith((f"{one}_", f"{one}+"))]
    return {max(owners, key=len, default=rest)}
