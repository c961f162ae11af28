"""Which RocketMQ server listens on a port, and what runs it."""

import os
from typing import List, NamedTuple, Optional

from ..preflight.ports import holders, listening
from ..preflight.system import System
from ..preflight.units import Process, is_ours, process, processes

_SUFFIX = ".service"
# What stands between systemd and a server in the units that people write.
_SHELLS = frozenset(["bash", "sh", "dash", "ksh", "zsh", "env", "sudo", "su", "runuser", "numactl"])


class Found(NamedTuple):
    """A server that is not ours."""

    pid: int
    # Without `.service`.
    unit: str
    # The file that it was told to read (`-c`); nothing where it was told none.
    conf: str


class Trouble(Exception):
    """Something listens there, and cannot be adopted."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def find(system: System, port: int, main: str) -> Optional[Found]:
    """The server of this main class on this port; None where nobody listens, or one of ours."""
    inodes = listening(system).get(port)
    if not inodes:
        return None
    held = holders(system, inodes)
    if not held:
        raise Trouble(f"port {port} is in use by a process that cannot be seen", _STOP)
    # A shell that started the server may have inherited nothing but is listed with it.
    one = next((each for each in held if main in each.arguments), None)
    if one is None:
        raise Trouble(f"port {port} is in use by {held[0]}, no {main.rpartition('.')[2]}", _STOP)
    if one.unit and is_ours(system, one.unit):
        return None
    _check_unit(system, one)
    return Found(one.pid, one.unit[: -len(_SUFFIX)], _conf(system, one))


_STOP = "stop that program, or give the node another port"


def _check_unit(system: System, one: Process) -> None:
    """It must be all that its unit runs: stopping the unit is how it will be stopped."""
    if not one.unit:
        raise Trouble(
            f"{one} was not started by a systemd unit",
            "only what a unit runs can be adopted, since it must come back after a reboot: start"
            " it from a unit (systemctl start mqbroker) and run pulumi up again",
        )
    others: List[Process] = []
    for pid in processes(system):
        other = process(system, pid)
        if other is not None and other.unit == one.unit and other.pid != one.pid:
            others.append(other)
    strangers = [other for other in others if not _is_shell(other)]
    if strangers:
        raise Trouble(
            f"unit {one.unit} runs more than that server: {strangers[0]}",
            "give the server a unit of its own, restart it from there, and run pulumi up again",
        )


def _is_shell(one: Process) -> bool:
    return bool(one.arguments) and os.path.basename(one.arguments[0]).lstrip("-") in _SHELLS


def _conf(system: System, one: Process) -> str:
    for at, part in enumerate(one.arguments[:-1]):
        if part in ("-c", "--configFile"):
            path = one.arguments[at + 1]
            return os.path.join(system.target(f"/proc/{one.pid}/cwd") or "/", path)
    return ""
