"""A RocketMQ that is there already and not ours is never touched: the host is refused."""

import re

from .findings import Inspection
from .units import is_ours, process, processes, unit_of_node, unit_text

# Servers only: mqadmin and client programs may run beside us.
_SERVER = re.compile(
    r"^org\.apache\.rocketmq\.(namesrv|broker|controller|proxy|container|exporter)\."
    r"|/rocketmq-exporter[^/]*\.jar$|^rocketmq-exporter[^/]*\.jar$"
)
_UNITS = ("mqnamesrv.service", "mqbroker.service", "mqexporter.service")
_KEEP = (
    "use another machine, move it out of the way first (its data is left alone), or set adopt: true"
    " to take it over as it runs"
)
_START = "start it first (only what runs can be adopted), or move it out of the way"
_ELSEWHERE = "the program puts nothing of that kind here: name this machine in it, or stop that one"

# Where the widely copied playbook for RocketMQ 4 puts it.
_USUAL = "/app/rocketmq"


def check_processes(inspection: Inspection) -> None:
    """RocketMQ servers that run outside our units."""
    for pid in processes(inspection.system):
        one = process(inspection.system, pid)
        if one is None or not any(_SERVER.search(part) for part in one.arguments):
            continue
        if one.unit.startswith("mq") and is_ours(inspection.system, one.unit):
            continue
        if one.unit in inspection.adopted_units:
            continue
        place = f" of {one.unit}" if one.unit else ""
        remedy = _ELSEWHERE if inspection.adopts else _KEEP
        inspection.strange_units.add(one.unit)
        inspection.fail("foreign", f"a RocketMQ that is not ours runs: {one}{place}", remedy)


def check_units(inspection: Inspection) -> None:
    """Units with the names of ours that somebody else wrote."""
    wanted = {*_UNITS, *(unit_of_node(node) for node in inspection.nodes)}
    for unit in sorted(wanted):
        known = unit in inspection.adopted_units or unit in inspection.strange_units
        if known or is_ours(inspection.system, unit):
            continue
        if unit_text(inspection.system, unit) is not None:
            remedy = _START if inspection.adopts else _KEEP
            inspection.fail("foreign", f"the unit {unit} is there and not ours", remedy)


def check_folders(inspection: Inspection) -> None:
    """Installations at the usual place, or where ours would go."""
    system = inspection.system
    for folder in sorted({_USUAL, inspection.deploy}):
        ours = folder == inspection.deploy and system.is_folder(f"{folder}/versions")
        names = system.names(folder)
        if ours or not names or inspection.adopts or folder in inspection.adopted_homes:
            continue
        if folder == _USUAL or {"bin", "lib"} <= set(names):
            inspection.fail("foreign", f"a RocketMQ that is not ours is in {folder}", _KEEP)
