"""Retry topics that RocketMQ 5 keeps for each consumer group and topic: what pop gives again.

A group that takes by push has one retry topic, named after it alone. One that takes by pop has one
for each topic: `%RETRY%group+topic`, on older releases `%RETRY%group_topic`.
"""

from typing import Container, Iterable, Mapping, NamedTuple

PREFIX = "%RETRY%"


class Retry(NamedTuple):
    """Whose messages are in a retry topic of pop."""

    group: str
    topic: str


def of_pop(
    names: Iterable[str], groups: Container[str], topics: Container[str]
) -> Mapping[str, Retry]:
    """Which of a broker's topics are pop's retry topics, for which of its groups and topics.

    A name that may be read in two ways is left out: to delete it could take another group's.
    """
    found = {}
    for name in names:
        rest = name[len(PREFIX) :] if name.startswith(PREFIX) else ""
        owners = [
            Retry(rest[:at], rest[at + 1 :])
            for at, sign in enumerate(rest)
            if sign in "+_" and rest[:at] in groups and rest[at + 1 :] in topics
        ]
        if len(owners) == 1 and rest not in groups:
            found[name] = owners[0]
    return found
