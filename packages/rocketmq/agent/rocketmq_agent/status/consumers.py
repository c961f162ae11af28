"""Who reads, and how much is not read yet."""

from typing import Any, Dict, List, NamedTuple, Set, Tuple

from ..remoting.connection import Connection
from ..remoting.consumers import online_groups_on
from ..remoting.offsets import consume_stats_on


class Reading(NamedTuple):
    """A consumer group on a topic of one broker."""

    group: str
    topic: str
    unread: int
    clients: List[str]
    broadcasting: bool


def read_consumers(connection: Connection) -> List[Reading]:
    """Every group that has read from this master, or is connected to it."""
    consumed = consume_stats_on(connection)
    online = online_groups_on(connection, {one.group for one in consumed})
    found = []
    for one in consumed:
        group = online.get(one.group)
        clients = [client.client_id for client in group.clients] if group else []
        broadcasting = bool(group and group.broadcasting)
        found.append(Reading(one.group, one.topic, one.diff, clients, broadcasting))
    return found


def merge(readings: List[Reading]) -> List[Dict[str, Any]]:
    """All brokers together, by group and topic. A client is connected to each broker."""
    unread: Dict[Tuple[str, str], int] = {}
    clients: Dict[str, Set[str]] = {}
    broadcasting: Set[str] = set()
    for one in readings:
        unread[one.group, one.topic] = unread.get((one.group, one.topic), 0) + one.unread
        clients.setdefault(one.group, set()).update(one.clients)
        if one.broadcasting:
            broadcasting.add(one.group)
    return [
        {
            "group": group,
            "topic": topic,
            # Where everyone gets every message there is no common place to be behind of.
            "unread": 0 if group in broadcasting else count,
            "clients": len(clients[group]),
            "broadcasting": group in broadcasting,
        }
        for (group, topic), count in sorted(unread.items())
    ]
