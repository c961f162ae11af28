"""One step at a time on a host, and who it is."""

import fcntl
import os
import time
from typing import Any, Optional

from . import state
from .errors import ExitCode, StepError
from .progress import say

# Longer than any step: a first start (120 s) of several nodes, a rollout that is undone.
WAIT_SECONDS = 1800
_POLL_SECONDS = 0.05
_REMIND_SECONDS = 30


class HostLock:
    """The host-wide lock; the kernel frees it when its holder ends, however that happens."""

    def __init__(self, owner: str, wait: float = WAIT_SECONDS) -> None:
        self._owner = owner
        self._wait = wait
        self._descriptor: Optional[int] = None

    def __enter__(self) -> "HostLock":
        deadline = time.monotonic() + self._wait
        while True:
            descriptor = os.open(state.path("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._acquire(descriptor, deadline)
            except BaseException:
                os.close(descriptor)
                raise
            if _is_at(descriptor, state.path("lock")):
                break
            # The holder removed the file with all of the agent (host-delete).
            os.close(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, self._owner.encode("utf-8"), 0)
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: Any) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _acquire(self, descriptor: int, deadline: float) -> None:
        start = time.monotonic()
        remind = 0.0
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                pass
            waited = time.monotonic() - start
            holder = os.pread(descriptor, 1000, 0).decode("utf-8", "replace") or "another step"
            if time.monotonic() >= deadline:
                raise StepError(
                    ExitCode.LOCKED,
                    f"waited {waited:.0f} s for another step on this host: {holder}",
                    "Run again when that step has ended; it is a unit of the host"
                    " (systemctl list-units 'rocketmq-agent-*').",
                )
            if waited >= remind:
                say(f"waiting for {holder}")
                remind += _REMIND_SECONDS
            time.sleep(_POLL_SECONDS)


def holder() -> str:
    """The step that holds the lock right now; nothing when none does."""
    try:
        descriptor = os.open(state.path("lock"), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return ""
    except BlockingIOError:
        return os.pread(descriptor, 1000, 0).decode("utf-8", "replace") or "another step"
    finally:
        os.close(descriptor)


def _is_at(descriptor: int, path: str) -> bool:
    """Whether the open file is still the one at this path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        state.ensure()
        return False
