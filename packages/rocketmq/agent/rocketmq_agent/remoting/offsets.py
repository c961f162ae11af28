"""How much was written, and how much of it each consumer group has read."""

from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Tuple

from . import codes
from .connection import Connection, Request
from .errors import RemotingError
from .frame import Response
from .lenient import parse_object


class QueueOffsets(NamedTuple):
    """A group on one queue. `last_timestamp`: store time of the last consumed message, in ms."""

    queue_id: int
    broker_offset: int
    consumer_offset: int
    last_timestamp: int


class GroupStats(NamedTuple):
    """A group on one topic of one broker; `tps` are messages a second that it was sent."""

    group: str
    topic: str
    tps: float
    queues: List[QueueOffsets]

    @property
    def read(self) -> int:
        """Messages that the group has read (and acknowledged)."""
        return sum(queue.consumer_offset for queue in self.queues)

    @property
    def diff(self) -> int:
        """Messages that the group has not read (or not acknowledged) yet."""
        return sum(queue.broker_offset - queue.consumer_offset for queue in self.queues)


class TopicOffsets(NamedTuple):
    """A topic on one broker, its queues added up. `last_update` in ms, 0: nothing written."""

    max_offset: int
    min_offset: int
    last_update: int


def consume_stats(address: str, timeout: float = 30.0) -> List[GroupStats]:
    """Every group on every topic that it consumes on this broker, in one call."""
    with Connection(address, timeout) as connection:
        return consume_stats_on(connection)


def consume_stats_on(connection: Connection, timeout: Optional[float] = None) -> List[GroupStats]:
    """As `consume_stats`, on an open connection."""
    response = connection.ask(codes.GET_BROKER_CONSUME_STATS, {"isOrder": "false"}, timeout=timeout)
    answer = parse_object(response.body)
    found: List[GroupStats] = []
    for entry in answer.get("consumeStatsList") or []:
        for group, statistics in entry.items():
            for one in statistics or []:
                found.extend(_by_topic(str(group), one))
    return found


def _by_topic(group: str, statistics: Dict[str, Any]) -> Iterable[GroupStats]:
    topics: Dict[str, List[QueueOffsets]] = {}
    for queue, offset in _pairs(statistics.get("offsetTable")):
        topics.setdefault(str(queue["topic"]), []).append(
            QueueOffsets(
                int(queue["queueId"]),
                int(offset.get("brokerOffset") or 0),
                int(offset.get("consumerOffset") or 0),
                int(offset.get("lastTimestamp") or 0),
            )
        )
    tps = float(statistics.get("consumeTps") or 0.0)
    return [GroupStats(group, topic, tps, queues) for topic, queues in topics.items()]


def topic_offsets(address: str, topics: Iterable[str]) -> Dict[str, TopicOffsets]:
    """The offsets of topics on one broker; topics that it does not have are left out."""
    with Connection(address) as connection:
        return topic_offsets_on(connection, topics)


def topic_offsets_on(connection: Connection, topics: Iterable[str]) -> Dict[str, TopicOffsets]:
    """As `topic_offsets`, on an open connection, without waiting for each answer."""
    names = sorted(topics)
    requests = [Request(codes.GET_TOPIC_STATS_INFO, {"topic": name}) for name in names]
    return {
        name: _topic_offsets(response)
        for name, response in zip(names, connection.pipeline(requests))
        if response.code == 0
    }


def _topic_offsets(response: Response) -> TopicOffsets:
    pairs = _pairs(parse_object(response.body).get("offsetTable"))
    return TopicOffsets(
        sum(int(offset.get("maxOffset") or 0) for _, offset in pairs),
        sum(int(offset.get("minOffset") or 0) for _, offset in pairs),
        max([int(offset.get("lastUpdateTimestamp") or 0) for _, offset in pairs] + [0]),
    )


def delay_offsets_on(connection: Connection) -> Dict[int, int]:
    """How far each delay level has been delivered: level, from 1, to offset of its queue."""
    answer = parse_object(connection.ask(codes.GET_ALL_DELAY_OFFSET).body)
    return {int(level): int(offset) for level, offset in (answer.get("offsetTable") or {}).items()}


def consumer_offsets(address: str) -> Dict[Tuple[str, str], Dict[int, int]]:
    """Committed offsets: (topic, group) to queue id to offset. `%RETRY%group` is a topic too."""
    with Connection(address) as connection:
        return consumer_offsets_on(connection)


def consumer_offsets_on(connection: Connection) -> Dict[Tuple[str, str], Dict[int, int]]:
    """As `consumer_offsets`, on an open connection."""
    answer = parse_object(connection.ask(codes.GET_ALL_CONSUMER_OFFSET).body)
    table: Dict[Tuple[str, str], Dict[int, int]] = {}
    for name, queues in (answer.get("offsetTable") or {}).items():
        topic, sign, group = str(name).partition("@")
        if sign:
            table[topic, group] = {int(queue): int(offset) for queue, offset in queues.items()}
    return table


def rewind_on(connection: Connection, topics: Iterable[str]) -> None:
    """Have every group that has read these topics begin them anew, at the first message."""
    names = set(topics)
    requests = [
        Request(
            codes.UPDATE_CONSUMER_OFFSET,
            {"consumerGroup": group, "topic": topic, "queueId": str(queue), "commitOffset": "0"},
        )
        for (topic, group), queues in consumer_offsets_on(connection).items()
        if topic in names
        for queue, offset in queues.items()
        if offset
    ]
    for response in connection.pipeline(requests):
        if response.code != 0:
            raise RemotingError(f"offsets cannot be set: {response.remark}", response.code)


def _pairs(table: Any) -> List[Any]:
    """A map with object keys: the lenient parser gives a list, an empty one stays an object."""
    if not table:
        return []
    if isinstance(table, list):
        return table
    raise RemotingError("an offset table has plain keys")
