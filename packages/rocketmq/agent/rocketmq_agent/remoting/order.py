"""Ordered topics on RocketMQ 4.x: a note on the name servers, not on the broker.

Where the name servers run with orderMessageEnable=true (the default is false), producers take the
queues of an ordered topic from there, so that a broker that is away does not move its messages to
another one. Brokers read the note when they register (each 30 s). RocketMQ 5
also takes `order` with the topic itself.
"""

import random
import time
from typing import Callable, Dict, List

from . import codes
from .connection import Connection
from .errors import RemotingError
from .lenient import parse_object

_NAMESPACE = "ORDER_TOPIC_CONFIG"

# Long beside the milliseconds between another broker's reading of a note and its writing.
_SETTLE_SECONDS = (0.2, 0.6)
# As many as it takes where every broker of a large cluster joins at once.
_SETTLE_TRIES = 8


def settled(change: Callable[[], List[str]]) -> List[str]:
    """Change notes until they hold; returns what was changed.

    A name server cannot compare and set: of two brokers that write a note in the same milliseconds,
    one writes over what the other has, and both have read theirs back by then. So whoever has
    changed something looks once more a moment later, each after a time of its own.

    Raises RemotingError where they never hold.
    """
    changed = change()
    if not changed:
        return changed
    for _ in range(_SETTLE_TRIES):
        time.sleep(random.uniform(*_SETTLE_SECONDS))  # noqa: S311 - no secret
        again = change()
        if not again:
            return changed
    raise RemotingError(
        "the order of topics does not settle, another broker writes it too, or somebody by hand:"
        f" {', '.join(again)}",
        0,
    )


def order_config(namesrv: str, topic: str) -> Dict[str, int]:
    """The queues of an ordered topic by broker name; empty when it is not ordered."""
    with Connection(namesrv) as connection:
        return _read(connection, topic)


def order_configs(namesrv: str) -> Dict[str, Dict[str, int]]:
    """Every ordered topic that this name server has a note of, with its queues by broker name."""
    with Connection(namesrv) as connection:
        response = connection.call(codes.GET_KVLIST_BY_NAMESPACE, {"namespace": _NAMESPACE})
    if response.code == codes.QUERY_NOT_FOUND:
        return {}
    if response.code != 0:
        raise RemotingError(f"{namesrv}: {response.remark}", response.code)
    table = parse_object(response.body).get("table") or {}
    return {str(topic): _entries(str(value)) for topic, value in table.items()}


def declare_ordered(namesrv: str, topic: str, broker_name: str, queues: int) -> bool:
    """Notes on one name server that a topic is ordered on a broker. False: it said so already.

    Entries of other brokers are kept, but for one that is written in the same milliseconds (see
    `settled`).
    """
    with Connection(namesrv) as connection:
        changed = False
        for _ in range(3):
            entries = _read(connection, topic)
            if entries.get(broker_name) == queues:
                return changed
            entries[broker_name] = queues
            ext = {"namespace": _NAMESPACE, "key": topic, "value": _value(entries)}
            connection.ask(codes.PUT_KV_CONFIG, ext)
            changed = True
        if _read(connection, topic).get(broker_name) == queues:
            return True
    raise RemotingError(f"{namesrv}: the order of topic {topic} does not take", 0)


def leave_order(namesrv: str, topic: str, broker_name: str) -> bool:
    """Takes a broker out of the order of a topic on one name server. False: it was not in it."""
    with Connection(namesrv) as connection:
        changed = False
        for _ in range(3):
            entries = _read(connection, topic)
            if entries.pop(broker_name, None) is None:
                return changed
            ext = {"namespace": _NAMESPACE, "key": topic}
            if entries:
                connection.ask(codes.PUT_KV_CONFIG, {**ext, "value": _value(entries)})
            else:
                connection.ask(codes.DELETE_KV_CONFIG, ext)
            changed = True
        if broker_name not in _read(connection, topic):
            return True
    raise RemotingError(f"{namesrv}: the order of topic {topic} does not take", 0)


def _value(entries: Dict[str, int]) -> str:
    return ";".join(f"{name}:{entries[name]}" for name in sorted(entries))


def _read(connection: Connection, topic: str) -> Dict[str, int]:
    response = connection.call(codes.GET_KV_CONFIG, {"namespace": _NAMESPACE, "key": topic})
    if response.code == codes.QUERY_NOT_FOUND:
        return {}
    if response.code != 0:
        raise RemotingError(f"{connection.address}: {response.remark}", response.code)
    return _entries(response.ext.get("value", ""))


def _entries(value: str) -> Dict[str, int]:
    entries = (entry.rpartition(":") for entry in value.split(";"))
    return {name: int(count) for name, sign, count in entries if sign and count.isdigit()}
