"""Which systemd units and processes are ours."""

import re
from typing import List, NamedTuple, Optional

from ..system.systemd import MARK
from .system import System

_UNIT_FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_UNIT = re.compile(r"([^/]+\.service)(?:/|$)")


class Process(NamedTuple):
    """A running process, as far as the kernel tells."""

    pid: int
    arguments: List[str]
    # `mqnamesrv.service`, or empty.
    unit: str

    def __str__(self) -> str:
        command = " ".join(" ".join(self.arguments).split())
        shown = command if len(command) <= 120 else command[:60] + " ... " + command[-55:]
        return f"pid {self.pid} ({shown or 'command not shown'})"


def unit_of_node(node: str) -> str:
    """The systemd unit that runs a node."""
    if node.startswith("namesrv-"):
        return "mqnamesrv.service"
    return "mqexporter.service" if node == "exporter" else f"mqbroker@{node}.service"


def unit_text(system: System, unit: str) -> Optional[str]:
    """The unit file that systemd would use, or that of its template."""
    template = re.sub(r"@[^.]*\.", "@.", unit)
    for name in dict.fromkeys((unit, template)):
        for folder in _UNIT_FOLDERS:
            text = system.read(f"{folder}/{name}")
            if text is not None:
                return text
    return None


def is_ours(system: System, unit: str) -> bool:
    """Whether a unit was written by this agent."""
    text = unit_text(system, unit)
    return text is not None and text.startswith(MARK)


def process(system: System, pid: int) -> Optional[Process]:
    """A process; None when it has ended."""
    command = system.read(f"/proc/{pid}/cmdline")
    if command is None:
        return None
    units = _UNIT.findall((system.read(f"/proc/{pid}/cgroup") or "").replace("\n", "/\n"))
    arguments = [part for part in command.split("\0") if part]
    # The last one: in a container, the path begins with the unit of the container.
    return Process(pid, arguments, units[-1] if units else "")


def processes(system: System) -> List[int]:
    """Every process that we can see."""
    return [int(name) for name in system.names("/proc") if name.isdigit()]
