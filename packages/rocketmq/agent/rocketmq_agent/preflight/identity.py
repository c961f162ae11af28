"""Is this the machine that it should be, and is its place still free."""

import json
import re
from typing import Any, Optional

from ..node.node import record_path
from ..node.unit import node_of
from .findings import Inspection
from .units import unit_of_node, unit_text

_MACHINE_ID = re.compile(r"^[0-9a-f]{32}$")


def check_machine_id(inspection: Inspection) -> None:
    """The identity by which later steps know the machine again, whatever its address is."""
    found = (inspection.system.read("/etc/machine-id") or "").strip()
    if not _MACHINE_ID.match(found) or set(found) == {"0"}:
        shown = f"'{found[:40]}'" if found else "empty or missing"
        inspection.fail(
            "machine-id",
            f"/etc/machine-id is {shown}, not an id",
            "run: rm -f /etc/machine-id && systemd-machine-id-setup",
        )
        return
    # Reported, so that two hosts made from one image can be told from outside.
    inspection.facts["machineId"] = found


def check_slots(inspection: Inspection) -> None:
    """No node of another cluster in a folder that this cluster would take."""
    wanted = inspection.document["cluster"]
    for node in inspection.nodes:
        owner = slot_owner(inspection, node)
        if owner is not None and owner != wanted:
            inspection.fail(
                "slot",
                f"{node} on this machine belongs to the cluster '{owner}', not to '{wanted}'",
                f"use another machine, or destroy '{owner}' first",
            )


def check_name_server(inspection: Inspection) -> None:
    """A machine has one name server, and not under another number: it would be taken for moved."""
    for node in inspection.nodes:
        unit = unit_of_node(node)
        found = node_of(unit_text(inspection.system, unit) or "")
        if node.startswith("namesrv-") and found not in ("", node):
            number = found.rpartition("-")[2]
            inspection.fail(
                "slot",
                f"the name server of this machine is {found}, not {node}",
                f"give it the number that it has (nameServerNumbers: {number}), or"
                " take it out first, run pulumi up, and put the other one here then",
            )


def slot_owner(inspection: Inspection, node: str) -> Optional[str]:
    """The cluster that a node of this name on this machine belongs to; None: there is no such."""
    try:
        record: Any = json.loads(inspection.system.read(record_path(node)) or "null")
    except ValueError:
        return None
    owner = record.get("cluster") if isinstance(record, dict) else None
    return str(owner) if owner else None


def check_hostname(inspection: Inspection) -> None:
    """Java looks its own host name up: where that fails or hangs, logs and starts suffer."""
    name = inspection.system.hostname()
    inspection.facts["hostname"] = name
    started = inspection.system.monotonic()
    resolved = inspection.system.resolves(name)
    took = inspection.system.monotonic() - started
    remedy = f"add the line '127.0.1.1 {name}' to /etc/hosts"
    if not resolved:
        inspection.warn("hostname", f"the host's own name {name} has no address", remedy)
    elif took > 1.0:
        inspection.warn("hostname", f"resolving the host's own name took {took:.1f} s", remedy)
