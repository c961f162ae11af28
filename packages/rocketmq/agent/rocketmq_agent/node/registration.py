"""Whether every name server knows a broker, and making it known at once.

RocketMQ 5.5.0 registers first at a tick 10 s after its start, and any version learns only at its
next tick, up to 30 s later, that a name server is back (both seen). A change of brokerPermission
makes it register at once, also one to the value that it has: 0.1 s instead of 10.
"""

import contextlib
import time
from typing import Any, Callable, Dict, List, Optional

from ..remoting.admin import get_broker_config, registered, update_broker_config
from ..remoting.errors import RemotingError
from .reach import Reach

# The port opens shortly before the broker's own start is over, and 4.9 then registers by itself.
_GRACE_SECONDS = 1.0
_KEY = "brokerPermission"


class Registration:
    """The registration of one broker with its name servers."""

    def __init__(
        self, document: Dict[str, Any], reach: Reach, restore_conf: Callable[[], object]
    ) -> None:
        self._document = document
        self._reach = reach
        # The broker writes every key that it knows to its file when one is changed.
        self._restore_conf = restore_conf
        self._since: Optional[float] = None
        self._reminded = False

    def missing(self) -> str:
        """Which name servers do not know it under its address; nothing when all do."""
        address = self._reach.announced()
        unknown: List[str] = []
        silent: List[str] = []
        broker = self._document["identity"]
        for namesrv in self._document["namesrv"]:
            try:
                known = registered(namesrv, broker["brokerName"], broker["brokerId"], address)
            except RemotingError as error:
                silent.append(f"name server {namesrv} cannot be asked ({error})")
                continue
            if not known:
                unknown.append(f"name server {namesrv} does not list it as {address}")
        if unknown and not silent:
            self._remind()
        return "; ".join(silent + unknown)

    def _remind(self) -> None:
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if self._reminded or now - self._since < _GRACE_SECONDS:
            return
        # If it cannot: the broker's own tick comes later.
        with contextlib.suppress(RemotingError):
            address = self._reach.local()
            value = get_broker_config(address).get(_KEY)
            if value is not None:
                self._reminded = True
                update_broker_config(address, {_KEY: value})
                self._restore_conf()
