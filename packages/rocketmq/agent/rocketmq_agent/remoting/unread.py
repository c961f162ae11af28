"""When the next message that a group will read was stored: its delay, in time."""

import struct
from typing import Dict, NamedTuple, Sequence

from . import codes
from .connection import Connection, Request

# Every broker has this group, meant for tools; reading as it leaves other groups alone.
_GROUP = "TOOLS_CONSUMER"

# "The subscription is in this request": no commit, no waiting for new messages.
_SYS_FLAG = "4"

# In a stored message: sizes, ids and offsets, then the flags, the birth time, the producer's host
# (8 bytes, 20 with IPv6), and the time that it was stored.
_FLAGS_AT = 36
_BORN_HOST_AT = 48
_BORN_HOST_V6 = 1 << 4


class Position(NamedTuple):
    """A message by its place in a queue."""

    topic: str
    queue_id: int
    offset: int


def store_times_on(connection: Connection, positions: Sequence[Position]) -> Dict[Position, int]:
    """Store times in milliseconds. Messages that are not there any more are left out.

    Each answer brings a whole message, so callers bound how many they ask for.
    """
    requests = [_pull(position) for position in positions]
    found: Dict[Position, int] = {}
    for position, response in zip(positions, connection.pipeline(requests)):
        if response.code == 0:
            stored = _store_time(response.body)
            if stored:
                found[position] = stored
    return found


def _pull(position: Position) -> Request:
    return Request(
        codes.PULL_MESSAGE,
        {
            "consumerGroup": _GROUP,
            "topic": position.topic,
            "queueId": str(position.queue_id),
            "queueOffset": str(position.offset),
            "maxMsgNums": "1",
            "sysFlag": _SYS_FLAG,
            "commitOffset": "0",
            "suspendTimeoutMillis": "0",
            "subscription": "*",
            "subVersion": "0",
            "expressionType": "TAG",
        },
    )


def _store_time(message: bytes) -> int:
    try:
        (flags,) = struct.unpack_from(">i", message, _FLAGS_AT)
        host = 20 if flags & _BORN_HOST_V6 else 8
        return int(struct.unpack_from(">q", message, _BORN_HOST_AT + host)[0])
    except struct.error:
        return 0
