"""What is not asked of a broker in each collection, though it costs a request for each."""

import time
import zlib
from typing import (
    Callable,
    Dict,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Set,
    Tuple,
    TypeVar,
)

from ..remoting.consumers import Group
from ..remoting.statistics import Minute, StatKey

# Collections until each group or counter of a broker has had its turn.
_TURNS = 8

# Groups asked about in one collection of a broker; those that may be online, if they are more,
# take turns among each other.
_MAX_GROUPS = 256

# A counter tells of the last minute, and is brought forward each ten seconds.
_SETTLED = 120.0

_ZERO = Minute(0.0, 0.0)

_V = TypeVar("_V")


class Watch:
    """Which groups a broker is asked about: those that may have consumers connected to it.

    A broker has thousands of declared groups, and each is a request. A group that has consumers
    there has a retry topic there from their first heartbeat, and an offset soon after. Where a
    version or a setting has neither, its turn comes: each collection asks about a part of the rest.
    """

    def __init__(self) -> None:
        self._turns: Dict[str, int] = {}
        self._online: Dict[str, Dict[str, Group]] = {}

    def due(self, broker: str, groups: Iterable[str], certain: Set[str]) -> Set[str]:
        """The groups to ask about now; all of them the first time."""
        names = sorted(groups)
        turn = self._turns.get(broker)
        # Brokers begin with different turns, so that a group of many is asked about in each.
        self._turns[broker] = zlib.crc32(broker.encode()) if turn is None else turn + 1
        if turn is None:
            return set(names)
        likely = (certain | set(self._online.get(broker, ()))).intersection(names)
        parts = -(-len(likely) // _MAX_GROUPS)
        return {name for i, name in enumerate(sorted(likely)) if i % parts == turn % parts} | {
            name for i, name in enumerate(names) if i % _TURNS == turn % _TURNS
        }

    def seen(
        self, broker: str, asked: Set[str], online: Mapping[str, Group], groups: Iterable[str]
    ) -> Dict[str, Group]:
        """All that have consumers there: those of this answer, and those whose turn it was not."""
        kept = self._online.get(broker, {})
        found = {name: kept[name] for name in groups if name in kept and name not in asked}
        found.update(online)
        self._online[broker] = found
        return found

    def keep(self, brokers: Iterable[str]) -> None:
        """Forgets brokers that are gone."""
        _keep(self._turns, brokers)
        _keep(self._online, brokers)


class Subject(NamedTuple):
    """Something that a broker counts: a topic, or a group on a topic."""

    # `ORDERS`, or `ORDERS@billing`.
    key: str
    # The names of its counters.
    names: Tuple[str, ...]
    # Changes with each message.
    position: int


class _Known(NamedTuple):
    position: int
    # When the position last changed, on the steady clock.
    since: float
    # The names that the broker counts, when all of them were zero; else they are asked again.
    zero: Optional[Tuple[str, ...]]


class Counters:
    """Which counters a broker is asked for: those that may be other than they were.

    What was zero with no message for two minutes is zero until the next one. Since not each
    version counts each message where it is stored, all have their turn nevertheless.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: Dict[str, int] = {}
        self._known: Dict[str, Dict[str, _Known]] = {}
        # Most are the same few: each is held once.
        self._names: Dict[Tuple[str, ...], Tuple[str, ...]] = {}

    def due(self, broker: str, subjects: Iterable[Subject]) -> List[StatKey]:
        """What to ask for now."""
        turn = self._turns[broker] = self._turns.get(broker, 0) + 1
        known, now = self._known.get(broker, {}), self._clock()
        return [
            (name, subject.key)
            for i, subject in enumerate(subjects)
            if i % _TURNS == turn % _TURNS or not _rests(known.get(subject.key), subject, now)
            for name in subject.names
        ]

    def complete(
        self,
        broker: str,
        subjects: Iterable[Subject],
        asked: Iterable[StatKey],
        answers: Mapping[StatKey, Minute],
    ) -> Dict[StatKey, Minute]:
        """The answers, and the zeros that were not asked for."""
        before, now = self._known.get(broker, {}), self._clock()
        due = {key for _, key in asked}
        found = dict(answers)
        after: Dict[str, _Known] = {}
        for subject in subjects:
            known = before.get(subject.key)
            moved = known is None or known.position != subject.position
            since = now if known is None or moved else known.since
            if subject.key in due:
                zero = self._zero(subject, answers)
            else:
                zero = known.zero if known else None
                found.update(((name, subject.key), _ZERO) for name in zero or ())
            after[subject.key] = _Known(subject.position, since, zero)
        self._known[broker] = after
        return found

    def keep(self, brokers: Iterable[str]) -> None:
        """Forgets brokers that are gone."""
        _keep(self._turns, brokers)
        _keep(self._known, brokers)

    def _zero(
        self, subject: Subject, answers: Mapping[StatKey, Minute]
    ) -> Optional[Tuple[str, ...]]:
        there = [name for name in subject.names if (name, subject.key) in answers]
        if any(answers[name, subject.key] != _ZERO for name in there):
            return None
        return self._names.setdefault(tuple(there), tuple(there))


def _rests(known: Optional[_Known], subject: Subject, now: float) -> bool:
    return (
        known is not None
        and known.zero is not None
        and known.position == subject.position
        and now - known.since > _SETTLED
    )


def _keep(table: Dict[str, _V], brokers: Iterable[str]) -> None:
    for gone in set(table) - set(brokers):
        del table[gone]
