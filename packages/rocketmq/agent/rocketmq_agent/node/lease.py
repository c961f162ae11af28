"""A master is closed for writes only as long as the step that closed it lives.

The step holds a file lock, which the kernel frees however the step ends. A unit of the host waits
for that lock: when it gets it and the step has not said that all is well, it opens the master.
It is a unit on the disk, not a transient one, as the machine may be switched off meanwhile.
"""

import fcntl
import os
import re
import sys
import time
from typing import Any, Dict, Optional, Sequence

from .. import state
from ..progress import say
from ..remoting.errors import RemotingError
from ..remoting.permission import KEY, open_anew
from ..system import systemd
from ..system.files import read_json, read_text, rewrite, unlink, write_json
from .unit import quote

_TARGET = "multi-user.target"
_STOP_SECONDS = 30
_RETRY_SECONDS = 2.0


def unit_of(node: str) -> str:
    """The unit that opens what a step of this node closed."""
    return f"rocketmq-reopen-{node}"


class Lease:
    """The right of a step to keep a master closed."""

    def __init__(
        self,
        node: str,
        addresses: Sequence[str],
        files: Sequence[str] = (),
        units: Sequence[str] = (),
    ) -> None:
        """`files` and `units` are those of the master if it is on this machine.

        `addresses`: where it is reached, first before its restart, then after it.
        """
        self._node = node
        self._record: Dict[str, Any] = {
            "addresses": list(addresses),
            "files": list(files),
            "units": list(units),
        }
        self._lock: Optional[int] = None

    def take(self) -> None:
        """Before the master is closed."""
        name = unit_of(self._node)
        if systemd.state(name).pid:
            # Of a step that was cut off, and still busy with a master that does not answer.
            systemd.stop(name, _STOP_SECONDS)
        os.makedirs(state.path("leases"), mode=0o700, exist_ok=True)
        self._lock = _lock(self._node)
        write_json(_path(self._node), self._record)
        systemd.write(name, _unit_text(self._node))
        systemd.enable(name, _TARGET)
        systemd.reload()
        systemd.start(name)

    def release(self) -> None:
        """The master is open again."""
        discard(self._node)
        self.leave()

    def leave(self) -> None:
        """The master could not be opened: the unit goes on trying."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def discard(node: str) -> None:
    """Have nothing to open for this node any more."""
    unlink(_path(node))
    name = unit_of(node)
    if not os.path.exists(systemd.path_of(name)):
        return
    systemd.stop(name, _STOP_SECONDS)
    _remove_unit(name)
    systemd.reload()


def guard(node: str) -> int:
    """What the unit runs: wait for the step's end, then open what it left closed."""
    lock = _lock(node)
    try:
        while not _reopened(node):
            time.sleep(_RETRY_SECONDS)
        _remove_unit(unit_of(node))
    finally:
        os.close(lock)
    return 0


def _reopened(node: str) -> bool:
    lease = read_json(_path(node))
    if lease is None:
        return True
    files, units = lease.get("files") or [], lease.get("units") or []
    for path in files:
        _strip(path)
    if units and not any(systemd.state(unit).pid for unit in units):
        # It starts with what its file says: open.
        unlink(_path(node))
        return True
    # One address is what an agent before this one has left.
    if not _opened(lease.get("addresses") or [lease["address"]]):
        return False
    for path in files:
        _strip(path)
    unlink(_path(node))
    return True


def _opened(addresses: Sequence[str]) -> bool:
    for address in addresses:
        try:
            # It may be open and only the name servers show it closed (`ordered`).
            if open_anew(address):
                say(f"{address} is open for writes again")
            return True
        except RemotingError as error:
            say(f"{address} cannot be opened yet: {error}")
    return False


def _strip(conf: str) -> None:
    """Have the next start not be closed."""
    text = read_text(conf) or ""
    kept = re.sub(rf"^{KEY}=.*\n?", "", text, flags=re.MULTILINE)
    if kept != text:
        rewrite(conf, kept)


def _path(node: str) -> str:
    return state.path("leases", f"{node}.json")


def _lock(node: str) -> int:
    path = state.path("leases", f"{node}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _remove_unit(name: str) -> None:
    systemd.disable(name, _TARGET)
    unlink(systemd.path_of(name))


def _unit_text(node: str) -> str:
    command = [sys.executable, "-I", "-S", os.path.abspath(sys.argv[0]), "--reopen", node]
    return "\n".join(
        [
            f"{systemd.MARK}; it is removed when the step has ended.",
            "[Unit]",
            f"Description=Opens what a rollout of {node} left closed for writes",
            "After=network.target",
            "",
            "[Service]",
            "Type=simple",
            "ExecStart=" + " ".join(quote(part).replace("$", "$$") for part in command),
            "Restart=on-failure",
            "RestartSec=5",
            "",
            "[Install]",
            f"WantedBy={_TARGET}",
            "",
        ]
    )
