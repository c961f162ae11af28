"""Fewer queues for a topic: written to no more first, read no more when they were read.

Clients read routes every 30 s. Until then producers go on sending to the queues that they know,
which a broker takes as long as the queues may be read; a queue that may not be read is refused, and
what is in it is lost to its consumers.
"""

import time
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple

from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import (
    QueueEnds,
    Unread,
    create_topics,
    queue_ends_on,
    topic_configs_on,
    unread_on,
)
from ..remoting.connection import Connection
from ..remoting.errors import RemotingError
from ..result import Result
from ..steps import Document
from .node import Node
from .readers import readers_of
from .shared import is_users_group

# Clients' pollNameServerInterval, and some for the request itself.
_ROUTES_SECONDS = 35.0
# How long consumers have, from then on, to read the rest.
_READ_SECONDS = 120.0
_POLL_SECONDS = 1.0
# Of one question, to a broker that may be busy.
_TIMEOUT = 15.0
_PROGRESS_SECONDS = 15.0

Topics = Mapping[str, Mapping[str, Any]]


class Narrower(NamedTuple):
    """A topic that gets fewer queues to read."""

    before: int
    after: int
    # Written to by producers that do not know better yet.
    written: bool
    # Whatever is in them may go.
    discarded: bool
    # Groups that are known to read it, on this broker or another one.
    readers: FrozenSet[str]

    @property
    def queues(self) -> Iterable[int]:
        """The numbers of the queues that go."""
        return range(self.after, self.before)


def plan(document: Document, address: str, topics: Topics, node: Node) -> Dict[str, Narrower]:
    """Topics that have more queues than they shall; refused where nobody would ever read them."""
    if not topics:
        return {}
    discard = (document.get("discard") or {}).get("topics") or []
    found: Dict[str, Narrower] = {}
    with Connection(address, _TIMEOUT) as connection:
        there = topic_configs_on(connection)
        for name, topic in topics.items():
            before, after = int(there.get(name, {}).get("readQueueNums", 0)), topic["readQueueNums"]
            if before > after:
                written = int(there[name]["writeQueueNums"]) > after
                found[name] = Narrower(before, after, written, name in discard, frozenset())
        readers = readers_of(document, address, found)
        found = {
            name: one._replace(readers=frozenset(readers[name])) for name, one in found.items()
        }
        left = _unread(connection, found)
    if any(not one.group for one in left):
        raise _refused(node, left, "Nothing was changed. ")
    return found


def writes_only(topics: Topics, narrower: Mapping[str, Narrower]) -> Topics:
    """The topics with the queues that they may still be read from."""
    return {
        name: {**topic, "readQueueNums": narrower[name].before} if name in narrower else topic
        for name, topic in topics.items()
    }


def finish(
    address: str, topics: Topics, narrower: Mapping[str, Narrower], node: Node, result: Result
) -> None:
    """Take the queues away when nobody writes to them and everything in them was read."""
    if not narrower:
        return
    with Connection(address, _TIMEOUT) as connection:
        _wait(connection, narrower, node)
    create_topics(address, {name: topics[name] for name in narrower})
    for name, one in sorted(narrower.items()):
        result.changed.append(f"topic {name}: queues {one.before} -> {one.after}")


def _wait(connection: Connection, narrower: Mapping[str, Narrower], node: Node) -> None:
    written = any(one.written for one in narrower.values())
    start = told = time.monotonic()
    settled = start + (_ROUTES_SECONDS if written else 0)
    if written:
        names = ", ".join(sorted(narrower))
        say(f"{node.name}: fewer queues of {names}: until producers know, {_ROUTES_SECONDS:.0f} s")
    while True:
        try:
            ends = _ends(connection, narrower)
            left = _unread(connection, narrower)
            now = time.monotonic()
            # Asked once more after the unread: a message that came in between would be lost.
            if now >= settled and not left and ends == _ends(connection, narrower):
                return
        except RemotingError:
            # One answer that does not come is no reason to begin anew.
            now = time.monotonic()
            if now > settled + _READ_SECONDS:
                raise
            time.sleep(_POLL_SECONDS)
            continue
        if now > settled + _READ_SECONDS:
            raise _refused(node, left, "They are not written to any more. ")
        if now - told > _PROGRESS_SECONDS and now > settled:
            say(f"{node.name}: waiting for consumers: {'; '.join(_lines(left))}")
            told = now
        time.sleep(_POLL_SECONDS)


def _ends(connection: Connection, narrower: Mapping[str, Narrower]) -> Dict[Any, QueueEnds]:
    queues = [(name, number) for name, one in narrower.items() for number in one.queues]
    return queue_ends_on(connection, queues)


def _unread(connection: Connection, narrower: Mapping[str, Narrower]) -> List[Unread]:
    queues = {name: one.queues for name, one in narrower.items() if not one.discarded}
    known = {name: one.readers for name, one in narrower.items()}
    return unread_on(connection, queues, is_users_group, known) if queues else []


def _lines(left: Iterable[Unread]) -> List[str]:
    return [
        f"{one.messages} messages in queues of topic {one.topic} that go, "
        + (f"unread by {one.group}" if one.group else "which no consumer group reads")
        for one in left
    ]


def _refused(node: Node, left: List[Unread], done: str) -> StepError:
    names = ", ".join(sorted({one.topic for one in left}))
    return StepError(
        ExitCode.REFUSED,
        f"{node.name}: topic {names} cannot have fewer queues yet: some hold messages",
        f"{done}Have consumers read them and run pulumi up again; or name the topic in"
        " discardTopics to lose these messages.",
        _lines(left),
    )
