"""Collects in the background and answers with the last complete snapshot, at once."""

import threading
import time
from typing import Optional

from ..progress import say
from . import families
from .collector import CollectionError, Collector, Snapshot
from .packed import Packed
from .settings import Settings, SettingsError, load
from .text import Page

# In intervals: after the first it counts as unhealthy, after the second it is served no more,
# since figures that stand still look like a cluster that stands still.
_HEALTHY = 3
_SERVED = 10


class Service:
    """The state between the collecting thread and the HTTP threads."""

    def __init__(
        self, settings: Settings, collector: Optional[Collector] = None, file: str = ""
    ) -> None:
        """`file` is where the settings are from: name servers that change there are followed."""
        self.settings = settings
        self._file = file
        self.collector = collector or Collector(settings)
        self._snapshot: Optional[Snapshot] = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="collector", daemon=True)

    def start(self) -> None:
        """Collects at once, and from then on each interval."""
        self._thread.start()

    def stop(self) -> None:
        """No further collection; the one on its way is left to itself."""
        self._stop.set()

    @property
    def age(self) -> Optional[float]:
        """Seconds since the last snapshot was complete; None before the first."""
        snapshot = self._snapshot
        return None if snapshot is None else time.monotonic() - snapshot.steady

    @property
    def healthy(self) -> bool:
        """Whether there is a snapshot, and it is young."""
        age = self.age
        return age is not None and age < _HEALTHY * self.settings.interval

    def metrics(self) -> Packed:
        """The page: the snapshot's series, and what the exporter says of itself now."""
        snapshot, age = self._snapshot, self.age
        page = Page()
        for address, up in sorted(self.collector.namesrv_up.items()):
            page.add(families.NAMESRV_UP, (address,), int(up))
        page.add(families.COLLECTIONS, (), self.collector.begun)
        page.add(families.FAILURES, (), self.collector.failed)
        page.add(families.DURATION, (), round(self.collector.seconds, 4))
        if snapshot is None or age is None:
            return page.end()
        page.add(families.SNAPSHOT_AGE, (), round(age, 3))
        page.add(families.SNAPSHOT_TIME, (), round(snapshot.date, 3))
        own = page.end()
        return snapshot.page + own if age < _SERVED * self.settings.interval else own

    def _follow(self) -> None:
        """Takes new name servers from the file; everything else needs a restart."""
        if not self._file:
            return
        try:
            namesrv = load(self._file).namesrv
        except SettingsError:
            # It goes on with what it has, and a restart says what is wrong.
            return
        if namesrv != self.settings.namesrv:
            say(f"name servers are now {', '.join(namesrv)}")
            self.settings = self.settings._replace(namesrv=namesrv)
            self.collector.follow(self.settings)

    def _run(self) -> None:
        trouble = ""
        while not self._stop.is_set():
            started = time.monotonic()
            before, trouble = trouble, ""
            self._follow()
            try:
                self._snapshot = self.collector.collect()
            except CollectionError as error:
                trouble = str(error)
            except Exception as error:
                trouble = f"internal error: {error!r}"
            if trouble != before:
                say(f"collection: {trouble or 'succeeds again'}")
            spent = time.monotonic() - started
            # A pause even when collections take longer than the interval: brokers have other work.
            self._stop.wait(max(self.settings.interval - spent, self.settings.interval / 4))
