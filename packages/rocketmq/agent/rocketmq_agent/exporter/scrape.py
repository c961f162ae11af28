"""Everything that is asked of one broker in one collection."""

import threading
import time
from typing import Any, Dict, Iterable, List, NamedTuple, Set, Tuple

from ..remoting import Connection, RemotingError, codes
from ..remoting.consumers import ClientTopic, Group, client_topics_on, online_groups_on
from ..remoting.groups import subscription_groups_on
from ..remoting.lenient import parse_object
from ..remoting.offsets import GroupStats, consume_stats_on, topic_offsets_on
from ..remoting.statistics import Minute, StatKey, minute_statistics_on
from ..remoting.topics import topic_configs_on
from ..remoting.unread import Position, store_times_on
from .turns import Counters, Subject, Watch

RETRY = "%RETRY%"
DLQ = "%DLQ%"

_BROKER_COUNTERS = ("BROKER_PUT_NUMS", "BROKER_GET_NUMS")
_TOPIC_COUNTERS = ("TOPIC_PUT_NUMS", "TOPIC_PUT_SIZE")
_GROUP_COUNTERS = ("GROUP_GET_NUMS", "GROUP_GET_SIZE", "SNDBCK_PUT_NUMS")

# A broker that takes longer for one answer is as good as down.
_TIMEOUT = 5.0

# But for this one: it looks a message up for each queue of each group, on the disk if need be.
_STATS_TIMEOUT = 30.0

# Each brings a whole message over; queues beyond these get no delay in time.
_MAX_UNREAD = 256

# The broker asks each client over its connection, with a thread of its own meanwhile.
_MAX_CLIENTS = 64
_CLIENT_TIMEOUT = 5.0
_SHUN = 20


class Target(NamedTuple):
    """A broker that a name server knows."""

    cluster: str
    name: str
    broker_id: int
    address: str

    @property
    def labels(self) -> Tuple[str, str, str, str]:
        """As the exporter's own series name it."""
        return self.cluster, self.name, str(self.broker_id), self.address

    @property
    def peer(self) -> Tuple[str, str, str]:
        """As series of Apache's exporter name it."""
        return self.cluster, self.address, self.name


class Sample(NamedTuple):
    """What a broker answered. Of a slave, only the runtime figures."""

    target: Target
    runtime: Dict[str, str]
    version: int
    # How many messages were ever put in each.
    topics: Dict[str, int]
    consumed: List[GroupStats]
    online: Dict[str, Group]
    minutes: Dict[StatKey, Minute]
    # (topic, group) to milliseconds.
    delays: Dict[Tuple[str, str], float]
    # (group, client id) to what that client says.
    clients: Dict[Tuple[str, str], List[ClientTopic]]


class Greeting(NamedTuple):
    """What a broker says first: its runtime figures, and its version."""

    target: Target
    runtime: Dict[str, str]
    version: int


class Claims:
    """Which clients are asked: each by one broker only, and not again soon if it was silent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claimed: Set[Tuple[str, str]] = set()
        self._silent: Dict[Tuple[str, str], int] = {}

    def begin(self) -> None:
        """A new collection begins."""
        with self._lock:
            self._claimed.clear()
            self._silent = {one: left - 1 for one, left in self._silent.items() if left > 1}

    def claim(self, clients: List[Tuple[str, str]], limit: int) -> List[Tuple[str, str]]:
        """Those of the clients that the caller is to ask."""
        with self._lock:
            free = [one for one in clients if one not in self._claimed and one not in self._silent]
            self._claimed.update(free[:limit])
            return free[:limit]

    def shun(self, clients: List[Tuple[str, str]]) -> None:
        """These did not answer."""
        with self._lock:
            self._silent.update(dict.fromkeys(clients, _SHUN))


class Memory(NamedTuple):
    """What spans collections."""

    claims: Claims
    watch: Watch
    counters: Counters

    def keep(self, targets: Iterable[Target]) -> None:
        """Forgets brokers that are gone."""
        brokers = {one.address for one in targets}
        self.watch.keep(brokers)
        self.counters.keep(brokers)


def greet(target: Target) -> Greeting:
    """The first question, which alone tells whether a broker is there."""
    with Connection(target.address, _TIMEOUT) as connection:
        response = connection.ask(codes.GET_BROKER_RUNTIME_INFO)
    table = parse_object(response.body).get("table") or {}
    runtime = {str(key): str(value) for key, value in table.items()}
    return Greeting(target, runtime, response.version)


def scrape(greeting: Greeting, memory: Memory, budget: float) -> Sample:
    """Asks a broker for the rest. Raises RemotingError when it does not answer in `budget` s."""
    target, runtime, version = greeting
    if target.broker_id != 0:
        return Sample(target, runtime, version, {}, [], {}, {}, {}, {})
    with Connection(target.address, _TIMEOUT, budget) as connection:
        configured = topic_configs_on(connection)
        consumed = consume_stats_on(connection, _STATS_TIMEOUT)
        topics = _topics(connection, configured, consumed)
        online = _online(connection, configured, consumed, memory.watch)
        minutes = _minutes(connection, target, topics, consumed, memory.counters)
        delays = _delays(connection, consumed, online)
    clients = _ask_clients(target, online, memory.claims, budget)
    return Sample(target, runtime, version, topics, consumed, online, minutes, delays, clients)


def is_plain(topic: str) -> bool:
    """Whether a topic is neither a retry topic nor one of dead letters."""
    return not topic.startswith((RETRY, DLQ))


def _topics(
    connection: Connection, configured: Dict[str, Dict[str, Any]], consumed: List[GroupStats]
) -> Dict[str, int]:
    """How much was ever put in each topic. Those that a group reads have told that already."""
    found: Dict[str, int] = {}
    for one in consumed:
        config = configured.get(one.topic, {})
        # Queues that are left from when there were more are not among those of the group.
        if len(one.queues) == max(config.get("writeQueueNums", 0), config.get("readQueueNums", 0)):
            found[one.topic] = sum(queue.broker_offset for queue in one.queues)
    rest = topic_offsets_on(connection, set(configured) - set(found))
    found.update((topic, offsets.max_offset) for topic, offsets in rest.items())
    return found


def _online(
    connection: Connection,
    configured: Iterable[str],
    consumed: List[GroupStats],
    watch: Watch,
) -> Dict[str, Group]:
    certain = {one.group for one in consumed}
    certain |= {topic[len(RETRY) :] for topic in configured if topic.startswith(RETRY)}
    groups = subscription_groups_on(connection)
    due = watch.due(connection.address, groups, certain)
    return watch.seen(connection.address, due, online_groups_on(connection, due), groups)


def _minutes(
    connection: Connection,
    target: Target,
    topics: Dict[str, int],
    consumed: List[GroupStats],
    counters: Counters,
) -> Dict[StatKey, Minute]:
    subjects = [
        Subject(topic, _TOPIC_COUNTERS, topics[topic])
        for topic in sorted(topics)
        if is_plain(topic)
    ]
    subjects += [
        Subject(f"{one.topic}@{one.group}", _GROUP_COUNTERS, one.read + one.diff)
        for one in consumed
        if is_plain(one.topic)
    ]
    due = counters.due(target.address, subjects)
    own = [(name, target.cluster) for name in _BROKER_COUNTERS]
    answers = minute_statistics_on(connection, [*own, *due])
    return counters.complete(target.address, subjects, due, answers)


def _delays(
    connection: Connection, consumed: List[GroupStats], online: Dict[str, Group]
) -> Dict[Tuple[str, str], float]:
    """How long the oldest unread message of each group has been there."""
    wanted: List[Tuple[GroupStats, Position]] = []
    delays: Dict[Tuple[str, str], float] = {}
    for one in consumed:
        if one.group in online and online[one.group].broadcasting:
            continue
        delays[one.topic, one.group] = 0.0
        wanted += [
            (one, Position(one.topic, queue.queue_id, queue.consumer_offset))
            for queue in one.queues
            if queue.broker_offset > queue.consumer_offset
        ]
    wanted = wanted[:_MAX_UNREAD]
    stored = store_times_on(connection, sorted({position for _, position in wanted}))
    now = time.time() * 1000
    for one, position in wanted:
        if position in stored:
            key = (one.topic, one.group)
            delays[key] = max(delays[key], now - stored[position])
    return delays


def _ask_clients(
    target: Target, online: Dict[str, Group], claims: Claims, budget: float
) -> Dict[Tuple[str, str], List[ClientTopic]]:
    """What the clients say; on a connection of its own, since a client may not answer at all."""
    there = [
        (group, client.client_id) for group in sorted(online) for client in online[group].clients
    ]
    asked = claims.claim(there, _MAX_CLIENTS)
    if not asked:
        return {}
    try:
        with Connection(target.address, _TIMEOUT, min(budget, 2 * _CLIENT_TIMEOUT)) as connection:
            found = client_topics_on(connection, asked, _CLIENT_TIMEOUT)
    except RemotingError:
        found = {}
    claims.shun([one for one in asked if one not in found])
    return found
