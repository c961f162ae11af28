"""Units of the host: written, started, stopped, asked."""

import os
from typing import Dict, List, NamedTuple

from ..errors import ExitCode, StepError
from .commands import run
from .files import link, read_text, unlink, write_text

FOLDER = "/etc/systemd/system"
# First line of every unit file of ours.
MARK = "# Written by the RocketMQ host agent"


class State(NamedTuple):
    """What systemd says of a unit."""

    active: str
    sub: str
    pid: int
    restarts: int
    # Exit code or signal of the last main process.
    status: str

    @property
    def running(self) -> bool:
        """A main process is there (whether it is ready is another question)."""
        return self.active == "active" and self.pid > 0

    @property
    def failed(self) -> bool:
        """The main process ended by itself (systemd may be about to start it again)."""
        return self.active == "failed" or self.sub in ("auto-restart", "failed")


def path_of(unit: str) -> str:
    """The file of a unit (`mqbroker@broker-a-0`, without `.service`)."""
    return os.path.join(FOLDER, f"{unit}.service")


def state(unit: str) -> State:
    """What systemd says now."""
    wanted = "ActiveState,SubState,MainPID,NRestarts,ExecMainCode,ExecMainStatus"
    answer = run(["systemctl", "show", f"{unit}.service", f"--property={wanted}"])
    values: Dict[str, str] = {}
    for line in answer.output.splitlines():
        key, _, value = line.partition("=")
        values[key] = value
    by_signal = values.get("ExecMainCode") in ("2", "3")
    return State(
        values.get("ActiveState", "unknown"),
        values.get("SubState", "unknown"),
        int(values.get("MainPID") or 0),
        # systemd before 235 does not count them.
        int(values.get("NRestarts") or 0),
        ("signal " if by_signal else "exit code ") + values.get("ExecMainStatus", "?"),
    )


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number; cheaper than asking systemd."""
    return pid > 0 and os.path.exists(f"/proc/{pid}")


def command_line(pid: int) -> List[str]:
    """The arguments of a process; none where it has gone."""
    text = read_text(f"/proc/{pid}/cmdline") or ""
    return text.split("\0")[:-1]


def check_ours(unit: str) -> None:
    """Refuse to overwrite a unit that somebody else wrote."""
    text = read_text(path_of(unit))
    if text is None:
        # A package's unit of this name would be in another folder.
        shown = run(["systemctl", "show", f"{unit}.service", "--property=FragmentPath"]).output
        where = shown.strip().partition("=")[2]
        if where == path_of(unit):
            # The file is gone, which systemd notices at its next reload.
            where = ""
    else:
        where = "" if text.startswith(MARK) else path_of(unit)
    if where:
        raise StepError(
            ExitCode.REFUSED,
            f"unit {unit} is there already ({where}) and was not written by this agent",
            "Another RocketMQ seems to run on this machine: stop it and remove its unit, or use"
            " another machine.",
        )


def write(unit: str, text: str) -> bool:
    """Write a unit's file; whether it changed (then `reload` is due)."""
    return write_text(path_of(unit), text)


def enable(unit: str, target: str) -> bool:
    """Have `target` start the unit at boot; whether it was not so.

    By hand, as `systemctl enable` reloads everything: two reloads a start would cost more than all
    the rest of it.
    """
    folder = os.path.join(FOLDER, f"{target}.wants")
    os.makedirs(folder, exist_ok=True)
    return link(path_of(unit), os.path.join(folder, f"{unit}.service"))


def is_enabled(unit: str, target: str) -> bool:
    """Whether `target` starts the unit at boot."""
    link_path = os.path.join(FOLDER, f"{target}.wants", f"{unit}.service")
    return os.path.islink(link_path) and os.readlink(link_path) == path_of(unit)


def disable(unit: str, target: str) -> bool:
    """Undo `enable`."""
    return unlink(os.path.join(FOLDER, f"{target}.wants", f"{unit}.service"))


def reload() -> None:
    """Have systemd read changed files."""
    _must(["systemctl", "daemon-reload"], 90)


def start(unit: str) -> None:
    """Start it; returns when the process is there, not when it is ready."""
    # A unit that failed too often would be refused.
    run(["systemctl", "reset-failed", f"{unit}.service"])
    _must(["systemctl", "start", f"{unit}.service"], 90)


def stop(unit: str, timeout: int) -> None:
    """Stop it and wait until it is gone; systemd kills it after its own TimeoutStopSec."""
    _must(["systemctl", "stop", f"{unit}.service"], timeout + 30)


def journal(unit: str, lines: int, since: float) -> List[str]:
    """The last lines that a unit's process printed."""
    done = run(
        [
            "journalctl",
            f"--unit={unit}.service",
            f"--lines={lines}",
            f"--since=@{int(since)}",
            "--output=cat",
            "--no-pager",
            "--quiet",
        ]
    )
    return done.output.splitlines() if done.code == 0 else []


def _must(command: List[str], timeout: float) -> None:
    done = run(command, timeout)
    if done.code != 0:
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{' '.join(command)} failed: {done.output.strip()}",
            "See what systemd says: systemctl status and journalctl -xe on the machine.",
        )
