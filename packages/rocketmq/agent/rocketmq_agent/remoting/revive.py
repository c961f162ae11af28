"""Messages that consumers took (RocketMQ 5: pop) and have not acknowledged yet.

Of each take the broker keeps a check point in a topic of its own until it is acknowledged, or its
time is over and its messages go to the retry topic. The broker's own reader of that topic commits
the offset of the last check point that it is done with, not the one after it; what follows may be
acknowledgements only.
"""

import struct
from typing import Dict

from . import codes
from .backlog import QueueEnds
from .connection import Connection
from .errors import RemotingError

TOPIC_PREFIX = "rmq_sys_REVIVE_LOG_"
GROUP = "CID_RMQ_SYS_REVIVE_GROUP"

_CHECK_POINTS = "ck"
_READER = "TOOLS_CONSUMER"
# "The subscription is in this request": no commit, no waiting for new messages.
_SYS_FLAG = "4"
_BATCH = "32"
# More than this is told as this: how many exactly helps nobody.
_ENOUGH = 1000


def check_points_on(
    connection: Connection, topic: str, queues: Dict[int, QueueEnds], committed: Dict[int, int]
) -> int:
    """How many check points the broker is not done with."""
    return sum(
        _after(connection, topic, number, max(committed.get(number, -1) + 1, low), high)
        for number, (low, high) in sorted(queues.items())
    )


def _after(connection: Connection, topic: str, queue: int, start: int, end: int) -> int:
    count, at = 0, start
    while at < end and count < _ENOUGH:
        response = connection.call(
            codes.PULL_MESSAGE,
            {
                "consumerGroup": _READER,
                "topic": topic,
                "queueId": str(queue),
                "queueOffset": str(at),
                "maxMsgNums": _BATCH,
                "sysFlag": _SYS_FLAG,
                "commitOffset": "0",
                "suspendTimeoutMillis": "0",
                "subscription": _CHECK_POINTS,
                "subVersion": "0",
                "expressionType": "TAG",
            },
        )
        if response.code == codes.PULL_NOT_FOUND:
            break
        if response.code not in (0, codes.PULL_RETRY_IMMEDIATELY, codes.PULL_OFFSET_MOVED):
            raise RemotingError(f"{connection.address}: {response.remark}", response.code)
        count += _messages(response.body) if response.code == 0 else 0
        further = int(response.ext.get("nextBeginOffset", "0"))
        if further <= at:
            break
        at = further
    return count


def _messages(body: bytes) -> int:
    count, at = 0, 0
    while at + 4 <= len(body):
        (size,) = struct.unpack_from(">i", body, at)
        if size <= 0:
            break
        at += size
        count += 1
    return count
