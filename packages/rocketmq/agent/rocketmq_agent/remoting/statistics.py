"""The counters that a broker keeps: messages and bytes, by topic, group or broker."""

from typing import Dict, List, NamedTuple, Sequence, Tuple

from . import codes
from .connection import Connection, Request
from .lenient import parse_object

# Statistic and key: ("TOPIC_PUT_NUMS", "ORDERS"), ("GROUP_GET_NUMS", "ORDERS@billing").
StatKey = Tuple[str, str]


class Minute(NamedTuple):
    """The last minute: how much, and how much a second."""

    total: float
    tps: float


def minute_statistics_on(connection: Connection, keys: Sequence[StatKey]) -> Dict[StatKey, Minute]:
    """The last minute of each statistic; those that the broker has never counted are left out."""
    requests: List[Request] = [
        Request(codes.VIEW_BROKER_STATS_DATA, {"statsName": name, "statsKey": key})
        for name, key in keys
    ]
    found: Dict[StatKey, Minute] = {}
    for key, response in zip(keys, connection.pipeline(requests)):
        if response.code == 0:
            minute = parse_object(response.body).get("statsMinute") or {}
            found[key] = Minute(float(minute.get("sum") or 0), float(minute.get("tps") or 0))
    return found
