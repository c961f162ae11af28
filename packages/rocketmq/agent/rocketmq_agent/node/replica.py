"""Whether a slave has what its master has: the messages, and the topics to hand them out by.

Messages come over the replication connection at once. Topics come by a timer of the slave's own,
every 10 s on RocketMQ 4.9 and every 60 s on 5.5.0, counted from its start (both seen). A slave
without the topic refuses its consumers (TOPIC_NOT_EXIST), however many of its messages it holds.
"""

import contextlib
import time
from typing import Any, Callable, Dict, Optional

from ..progress import say
from ..remoting.admin import replication, topic_configs
from ..remoting.errors import RemotingError
from . import members
from .shared import OWN_TOPIC_PREFIXES

# A slave this close to its master has what was there when it was asked: under load the master
# writes on between the two questions.
_IN_SYNC_BYTES = 1 << 20
# A list of ten thousand topics is some megabytes.
_TOPICS_SECONDS = 1.0
_SHOWN = 3


class Replica:
    """A slave, asked on its own machine, and the master that the name servers know."""

    def __init__(self, document: Dict[str, Any], address: Callable[[], str]) -> None:
        self._document = document
        self._address = address
        # Bytes of its log when it was last looked at, while it is behind.
        self.copied: Optional[int] = None
        # Whether its group had no master when it was stopped.
        self._alone = False
        self._asked: Optional[float] = None
        self._lacks = ""

    def note_master(self) -> None:
        """Before it is stopped: whether it has a master that can be waited for afterwards.

        One that is down may need what this update brings, and its turn comes after its slaves'.
        """
        with contextlib.suppress(RemotingError):
            self._alone = self._master() is None
        if self._alone:
            name = self._document["identity"]["brokerName"]
            say(f"{name} has no master now, so its slave is not waited for to catch up with it")

    def _master(self) -> Optional[str]:
        name = self._document["identity"]["brokerName"]
        return members.brokers(self._document).get(name, {}).get(0)

    def behind(self) -> str:
        """What it does not have yet, in words; nothing when it has caught up."""
        name = self._document["identity"]["brokerName"]
        try:
            master = self._master()
            if master is None:
                return "" if self._alone else f"its master ({name}, id 0) is not registered"
            found = replication(master, self._address())
            if found.connected is False:
                return f"it is not connected to its master {master}"
            if found.slave_offset > found.master_offset:
                # The slave was asked first.
                return f"it has more than its master {master}: their logs are not the same"
            if found.lag_bytes > _IN_SYNC_BYTES:
                self.copied = found.slave_offset
                return f"it is {found.lag_bytes >> 20} MiB behind its master {master}"
            # In a cluster that was just made nobody misses anything yet, and the timer is long.
            return self._topics(master) if found.master_offset else ""
        except RemotingError as error:
            return f"its replication cannot be seen ({error})"

    def _topics(self, master: str) -> str:
        now = time.monotonic()
        if self._asked is None or now - self._asked >= _TOPICS_SECONDS:
            self._asked = now
            theirs = {
                name for name in topic_configs(master) if not name.startswith(OWN_TOPIC_PREFIXES)
            }
            lacking = sorted(theirs - set(topic_configs(self._address())))
            self._lacks = ", ".join(lacking[:_SHOWN])
            if len(lacking) > _SHOWN:
                self._lacks += f" and {len(lacking) - _SHOWN} more"
        if not self._lacks:
            return ""
        return f"it does not have its master's topics yet, which come once a minute ({self._lacks})"
