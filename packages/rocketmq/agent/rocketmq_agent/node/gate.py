"""The gate of a node: it runs, answers, and is known to those who must know it."""

import socket
import time
from typing import Callable, List, NamedTuple, Optional

from ..errors import ExitCode, StepError
from ..progress import say
from ..system import systemd
from .logs import LogMark
from .node import Node

# Says what is still missing; nothing when the node is ready.
Check = Callable[[], str]

_POLL_SECONDS = 0.1
_PROGRESS_SECONDS = 15
# How often systemd is asked about a process that is there: each time costs as much as ten checks,
# taken from a JVM that starts.
_STATE_SECONDS = 1


class Gate(NamedTuple):
    """How readiness is found out, and how long it may take."""

    check: Check
    timeout: float
    # A figure that grows while what it waits for goes on, such as bytes copied: the time begins
    # anew with each growth. None where there is none.
    progress: Callable[[], Optional[int]] = lambda: None


def local_address(address: str, conf_bind: str = "") -> str:
    """Where the node itself is reached from its own machine, given its address for others.

    That one may be a public address that only leads back here through a router.
    """
    port = address.rpartition(":")[2]
    bound = conf_bind if conf_bind not in ("", "0.0.0.0", "::") else "127.0.0.1"
    return f"{bound}:{port}"


def port_answers(address: str) -> bool:
    """Whether something accepts connections there."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=2):
            return True
    except OSError:
        return False


def wait(node: Node, gate: Gate, mark: LogMark, what: str) -> float:
    """Wait until the node is ready, or fail with what it logged; the seconds it took."""
    start = time.monotonic()
    told = asked = moved = start
    best: Optional[int] = None
    state = systemd.state(node.unit)
    while True:
        reason = gate.check()
        now = time.monotonic()
        if not reason or now - asked > _STATE_SECONDS or not systemd.is_alive(state.pid):
            state = systemd.state(node.unit)
            asked = now
        if not reason:
            # Ready, and by the process of this start, not by one that just died.
            if state.running:
                return now - start
            reason = "its process is not there"
        if state.failed:
            raise _failure(node, f"{what}: its process ended with {state.status}", mark.tail())
        figure = gate.progress()
        if figure is not None and (best is None or figure > best):
            moved, best = now, figure
        if now - moved > gate.timeout:
            raise _failure(node, f"{what}: after {now - start:.0f} s {reason}", mark.tail())
        if now - told > _PROGRESS_SECONDS:
            say(f"{node.name}: {reason} ({now - start:.0f} s)")
            told = now
        time.sleep(_POLL_SECONDS)


def _failure(node: Node, message: str, details: List[str]) -> StepError:
    return StepError(
        ExitCode.GATE_FAILED,
        f"{node.name} {message}",
        f"The node's logs are in {node.logs}; also: journalctl -u '{node.unit}'.",
        details,
    )
