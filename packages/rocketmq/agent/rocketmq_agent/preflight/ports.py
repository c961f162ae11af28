"""Are the ports free, and if not, who has them."""

from typing import Dict, List, Set

from .findings import Inspection
from .system import System
from .units import Process, is_ours, process, processes, unit_of_node

_LISTEN = "0A"

# What leaves the program goes at the end of an update, after the checks and all that is new.
_GIVEN_UP = (
    "that is a node as well: give this one the port that it had, or another one (port of its"
    " group), or take the other out in an update of its own before"
)


def listening(system: System) -> Dict[int, Set[str]]:
    """Ports that are listened on, with the inodes of the sockets."""
    ports: Dict[int, Set[str]] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in (system.read(table) or "").splitlines()[1:]:
            columns = line.split()
            if len(columns) > 9 and columns[3] == _LISTEN:
                port = int(columns[1].rpartition(":")[2], 16)
                ports.setdefault(port, set()).add(columns[9])
    return ports


def holders(system: System, inodes: Set[str]) -> List[Process]:
    """The processes that have a socket open. Slow (every process's files): only on conflict."""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    found: List[Process] = []
    for pid in processes(system):
        folder = f"/proc/{pid}/fd"
        if any(system.target(f"{folder}/{name}") in wanted for name in system.names(folder)):
            one = process(system, pid)
            if one is not None:
                found.append(one)
    return found


def check_ports(inspection: Inspection) -> None:
    """Each port is free, or held by the very node that is to have it."""
    ports = inspection.document["ports"]
    taken = listening(inspection.system)
    for port in sorted(ports, key=int):
        inodes = taken.get(int(port))
        if inodes:
            _check_holders(inspection, port, ports[port], holders(inspection.system, inodes))


def _check_holders(inspection: Inspection, port: str, node: str, held: List[Process]) -> None:
    unit = unit_of_node(node)
    strangers = [
        one
        for one in held
        if not (one.unit == unit and is_ours(inspection.system, unit))
        and one.unit not in inspection.adopted_units
    ]
    if held and not strangers:
        return
    who = "; ".join(_describe(one) for one in strangers) or "a process that cannot be seen"
    inspection.fail(
        "port",
        f"{port} (for {node}) is in use by {who}",
        _GIVEN_UP
        if strangers and all(_is_nodes(inspection.system, one) for one in strangers)
        else "stop that program, or give the node another port",
    )


def _is_nodes(system: System, one: Process) -> bool:
    """Whether it runs a node, under whatever name."""
    return bool(one.unit) and is_ours(system, one.unit)


def _describe(one: Process) -> str:
    return f"{one} of {one.unit}" if one.unit else str(one)
