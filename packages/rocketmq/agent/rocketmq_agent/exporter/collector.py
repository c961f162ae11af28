"""One collection: ask the name servers who is there, then every broker for everything."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import (
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Set,
    Tuple,
    TypeVar,
    Union,
)

from ..progress import say
from ..remoting import RemotingError
from ..remoting.namesrv import ClusterInfo, cluster_info
from . import families, series
from .packed import Packed
from .scrape import Claims, Greeting, Memory, Sample, Target, greet, scrape
from .settings import Settings
from .text import Page
from .turns import Counters, Watch

_A = TypeVar("_A")
_B = TypeVar("_B")

# Brokers asked at the same time: for one answer, and for all the rest.
_MANY = 32
_FEW = 8
_NAMESRV_TIMEOUT = 3.0


class CollectionError(Exception):
    """There is nothing to show: nobody answered, or the name servers know no broker."""


class Snapshot(NamedTuple):
    """The series of one complete collection."""

    page: Packed
    # When it was complete: on the steady clock, and as a date.
    steady: float
    date: float


class _Outcome(NamedTuple):
    target: Target
    sample: Optional[Sample]
    error: str
    seconds: float


class _Attempt(NamedTuple):
    target: Target
    value: Union[Greeting, Sample, None]
    error: str
    seconds: float


class Collector:
    """Collects, and remembers what spans collections: error counts, who was there last."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.begun = 0
        self.failed = 0
        self.seconds = 0.0
        self.namesrv_up: Dict[str, bool] = {}
        self._targets: List[Target] = []
        self._errors: Dict[Target, int] = {}
        self._troubled: Dict[str, str] = {}
        self._memory = Memory(Claims(), Watch(), Counters())

    def follow(self, settings: Settings) -> None:
        """Other name servers from the next collection on; nothing is told of those that left."""
        self.settings = settings
        self.namesrv_up = {at: up for at, up in self.namesrv_up.items() if at in settings.namesrv}
        for address in settings.namesrv:
            self.namesrv_up.setdefault(address, False)

    def collect(self) -> Snapshot:
        """A snapshot in which every known broker is, with its figures or marked as down."""
        started = time.monotonic()
        self.begun += 1
        self._memory.claims.begin()
        try:
            page = self._page(self._scrape_all(self._find_targets()))
        except CollectionError:
            self.failed += 1
            raise
        finally:
            self.seconds = time.monotonic() - started
        return Snapshot(page, time.monotonic(), time.time())

    def _find_targets(self) -> List[Target]:
        """Brokers of any name server. While none answers, those that were there before."""
        found: Set[Target] = set()
        for address, answer in zip(
            self.settings.namesrv, _parallel(_MANY, self._ask_namesrv, self.settings.namesrv)
        ):
            if isinstance(answer, ClusterInfo):
                found |= _targets(answer, self.settings.cluster)
            self.namesrv_up[address] = isinstance(answer, ClusterInfo)
            self._tell(f"name server {address}", "" if isinstance(answer, ClusterInfo) else answer)
        if any(self.namesrv_up.values()):
            self._targets = sorted(found)
            self._errors = {one: self._errors.get(one, 0) for one in self._targets}
            self._memory.keep(self._targets)
        if not self._targets:
            raise CollectionError(
                "the name servers know no broker"
                + (f" of cluster {self.settings.cluster}" if self.settings.cluster else "")
                if any(self.namesrv_up.values())
                else "no name server answers"
            )
        return self._targets

    def _ask_namesrv(self, address: str) -> Union[ClusterInfo, str]:
        try:
            return cluster_info(address, _NAMESRV_TIMEOUT)
        except RemotingError as error:
            return str(error).replace(f"{address}: ", "", 1)

    def _scrape_all(self, targets: List[Target]) -> Iterator[_Outcome]:
        """What each broker says, or why it says nothing, as it comes, in the order of targets."""
        # One answer each first, from all at once: those that hang take their time together. The
        # rest is work, so a few at a time.
        first = list(_parallel(_MANY, lambda one: self._attempt(one, lambda: greet(one)), targets))
        # At least ten seconds, so that a short interval does not make every large broker fail.
        budget = max(10.0, self.settings.interval)

        def rest(attempt: _Attempt) -> _Outcome:
            greeting = attempt.value
            if not isinstance(greeting, Greeting):
                return _Outcome(attempt.target, None, attempt.error, attempt.seconds)
            done = self._attempt(greeting.target, lambda: scrape(greeting, self._memory, budget))
            sample = done.value if isinstance(done.value, Sample) else None
            return _Outcome(done.target, sample, done.error, attempt.seconds + done.seconds)

        return _parallel(_FEW, rest, first)

    def _attempt(self, target: Target, ask: Callable[[], Union[Greeting, Sample]]) -> _Attempt:
        started = time.monotonic()
        value, error = None, ""
        try:
            value = ask()
        except RemotingError as failure:
            error = str(failure)
        except (ValueError, KeyError, TypeError, AttributeError) as failure:
            # An answer that no version we know gives must not stop the others' figures.
            error = f"{target.address}: unexpected answer: {failure!r}"
        return _Attempt(target, value, error, time.monotonic() - started)

    def _page(self, outcomes: Iterable[_Outcome]) -> Packed:
        """The series; each answer is let go once it is in them."""
        limit = self.settings.max_series
        page, own, groups, totals = Page(limit), Page(), Page(limit), series.Totals()
        seen = scraped = 0
        for target, sample, error, seconds in outcomes:
            seen += 1
            if error:
                self._errors[target] = self._errors.get(target, 0) + 1
            self._tell(f"broker {target.name}-{target.broker_id}", error)
            if sample is not None:
                scraped += 1
                series.add_broker(page, totals, sample)
            labels = target.labels
            own.add(families.BROKER_UP, labels, 0 if error else 1)
            own.add(families.BROKER_ERRORS, labels, self._errors.get(target, 0))
            own.add(families.BROKER_SECONDS, labels, round(seconds, 4))
        # Brokers that are down are a result, unless it may be us who are cut off.
        if not scraped and not any(self.namesrv_up.values()):
            raise CollectionError("no name server and no broker answers")
        totals.add_groups(groups)
        own.add(families.BROKERS_SEEN, (), seen)
        own.add(families.BROKERS_SCRAPED, (), scraped)
        own.add(families.SERIES, (), len(page) + len(groups))
        own.add(families.SERIES_DROPPED, (), page.dropped + groups.dropped)
        return page.end() + groups.end() + own.end()

    def _tell(self, who: str, error: str) -> None:
        """One line when something breaks, changes or mends: not one each collection."""
        if self._troubled.get(who, "") != error:
            say(f"{who}: {error or 'answers again'}")
            self._troubled[who] = error
            if not error:
                del self._troubled[who]


def _targets(info: ClusterInfo, cluster: str) -> Set[Target]:
    found: Set[Target] = set()
    for name, members in info.clusters.items():
        if not cluster or name == cluster:
            found.update(_members(name, members, info.brokers))
    return found


def _members(cluster: str, names: List[str], brokers: Dict[str, Dict[int, str]]) -> List[Target]:
    pairs: List[Tuple[str, int, str]] = [
        (name, broker_id, address)
        for name in names
        for broker_id, address in brokers.get(name, {}).items()
    ]
    return [Target(cluster, name, broker_id, address) for name, broker_id, address in pairs]


def _parallel(workers: int, function: Callable[[_A], _B], items: Iterable[_A]) -> Iterator[_B]:
    """The results in the items' order, each handed over when it is its turn."""
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(function, items)
