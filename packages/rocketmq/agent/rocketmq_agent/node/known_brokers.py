"""The brokers that a name server knows, and forgets with a restart.

They tell it again each by a timer of its own, every 30 s. Until all have, its routes are not only
short but wrong: on RocketMQ 5 a slave that comes before its master brings the topics along, and a
client that reads such a route has nobody to send to ("No route info") until the master comes. So
the masters are asked to come at once. A broker registers when its `brokerPermission` is written,
whatever the value was.
"""

import contextlib
import threading
import time
from typing import Callable, Dict, Iterable, Optional, Tuple

from ..remoting.admin import cluster_info, get_broker_config, update_broker_config
from ..remoting.errors import RemotingError
from ..remoting.permission import KEY

# Brokers register every 30 s, at most every 60 s if told so (registerNameServerPeriod). One that
# does not by then is away for reasons of its own.
_BROKERS_SECONDS = 65.0


class KnownBrokers:
    """Before it knows them again nothing else may be restarted, nor drained."""

    def __init__(self, address: Callable[[], str]) -> None:
        # Where it is reached from its own machine: another place after its restart, maybe.
        self._address = address
        self._known: Dict[Tuple[str, int], str] = {}
        self._answers: Optional[float] = None

    def remember(self) -> None:
        """Before it is stopped."""
        self._answers = None
        try:
            self._known = self._registered()
        except RemotingError:
            self._known = {}

    def missing(self) -> str:
        """Who is not registered again, or that it does not answer; nothing when it is ready."""
        try:
            found = self._registered()
        except RemotingError:
            return f"{self._address()} does not answer as a name server"
        left = sorted(broker for broker in self._known if broker not in found)
        now = time.monotonic()
        if self._answers is None:
            self._answers = now
            _call([self._known[broker] for broker in left if broker[1] == 0])
        if not left or now - self._answers > _BROKERS_SECONDS:
            return ""
        return f"{len(left)} brokers have not registered again"

    def _registered(self) -> Dict[Tuple[str, int], str]:
        found = cluster_info(self._address(), 2.0).brokers
        return {(name, number): at for name, ids in found.items() for number, at in ids.items()}


def _call(masters: Iterable[str]) -> None:
    """Have them register; side by side, as each does so everywhere before it answers."""
    for master in masters:
        threading.Thread(target=register, args=(master,), daemon=True).start()


def register(broker: str) -> None:
    """Have a broker tell every name server of itself now; one that cannot will by its timer."""
    with contextlib.suppress(RemotingError):
        found = get_broker_config(broker)
        if KEY in found:
            update_broker_config(broker, {KEY: found[KEY]})
