"""Messages that nobody has read yet, by topic, consumer group and queue.

Asked queue by queue: the statistics that a broker adds up by itself (consume stats, topic stats)
leave out, on RocketMQ 4.9, the queues above `writeQueueNums`, which may still be read.
"""

from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple

from . import codes
from .connection import Connection, Request
from .errors import RemotingError
from .groups import subscription_groups_on
from .offsets import consumer_offsets_on


class Unread(NamedTuple):
    """Messages of a topic on one broker that a group has not read."""

    topic: str
    # Empty: no group reads the topic, so these are all messages that are there.
    group: str
    messages: int


class QueueEnds(NamedTuple):
    """The messages of one queue: from the first that is kept to before the last."""

    first: int
    last: int


# A queue by its topic and number.
Queue = Tuple[str, int]


def all_queues(config: Mapping[str, Any]) -> Iterable[int]:
    """The numbers of a topic's queues, by its TopicConfig: written to, read from, or both."""
    return range(max(int(config.get("readQueueNums", 0)), int(config.get("writeQueueNums", 0))))


def queue_ends_on(connection: Connection, queues: Iterable[Queue]) -> Dict[Queue, QueueEnds]:
    """Where queues begin and end."""
    asked = sorted(queues)
    requests = [
        Request(code, {"topic": topic, "queueId": str(number)})
        for topic, number in asked
        for code in (codes.GET_MIN_OFFSET, codes.GET_MAX_OFFSET)
    ]
    answers = connection.pipeline(requests)
    for request, response in zip(requests, answers):
        if response.code != 0:
            what = "queue {queueId} of topic {topic}".format(**request.ext)
            raise RemotingError(
                f"{connection.address}: {what}: {response.remark[:300]}", response.code
            )
    # A queue without messages may have -1 as its beginning.
    offsets = [max(0, int(response.ext.get("offset", "0"))) for response in answers]
    return {
        queue: QueueEnds(offsets[2 * index], offsets[2 * index + 1])
        for index, queue in enumerate(asked)
    }


def unread_on(
    connection: Connection,
    queues: Mapping[str, Iterable[int]],
    counts: Callable[[str], bool] = lambda _: True,
    known: Optional[Mapping[str, Iterable[str]]] = None,
) -> List[Unread]:
    """What is unread in some queues of some topics; an empty list when everything was read.

    The readers of a topic are the groups that have ever committed an offset in it here, or that are
    `known` to read it, and are still there; `counts` says of each whether it matters. Consumers
    in broadcast mode keep their offsets themselves, so a topic that only they read has no reader
    here.
    """
    asked = {topic: sorted(numbers) for topic, numbers in queues.items()}
    ends = queue_ends_on(connection, [(t, number) for t in asked for number in asked[t]])
    offsets = consumer_offsets_on(connection)
    groups = subscription_groups_on(connection)
    found: List[Unread] = []
    for topic in sorted(asked):
        readers = {
            group: committed
            for (name, group), committed in offsets.items()
            if name == topic and group in groups and counts(group)
        }
        for group in (known or {}).get(topic, ()):
            if group in groups and counts(group):
                readers.setdefault(group, {})
        for group, committed in sorted(readers.items()) or [("", {})]:
            count = sum(_left(ends[topic, n], committed.get(n)) for n in asked[topic])
            if count:
                found.append(Unread(topic, group, count))
    return found


def _left(ends: QueueEnds, committed: Any) -> int:
    """Messages after an offset. What expired before it was read is nobody's any more."""
    return max(0, ends.last - max(ends.first, int(committed or 0)))
