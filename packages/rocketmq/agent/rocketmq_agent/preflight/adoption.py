"""What is to be adopted on this host, and whether it is what the program means."""

import json
from typing import Any, Dict, List

from .. import state
from ..adopt import compare
from ..adopt.compare import Problem
from ..adopt.find import Trouble, find
from ..node.role import BROKER, NAMESRV
from ..remoting.errors import RemotingError
from .findings import Inspection
from .identity import slot_owner
from .units import is_ours, unit_text

_EXPORTER = "mqexporter.service"


def check_adopted(inspection: Inspection) -> None:
    """Compares what runs with the program; notes the units that are no strangers therefore."""
    _remembered(inspection)
    for node, expected in sorted(inspection.document.get("adopt", {}).items()):
        if slot_owner(inspection, node) is not None:
            continue
        if node == "exporter":
            text = unit_text(inspection.system, _EXPORTER)
            if text is not None and not is_ours(inspection.system, _EXPORTER):
                inspection.adopted_units.add(_EXPORTER)
            continue
        for problem in _problems(inspection, node, expected):
            inspection.fail("adopt", f"{node}: {problem.what}", problem.remedy)


def _remembered(inspection: Inspection) -> None:
    """Nodes that an earlier run has adopted."""
    folder = state.path("nodes")
    for name in inspection.system.names(folder):
        try:
            record: Any = json.loads(inspection.system.read(f"{folder}/{name}") or "null")
        except ValueError:
            continue
        adopted = record.get("adopted") if isinstance(record, dict) else None
        if adopted:
            inspection.adopted_units.add(f"{adopted['unit']}.service")
            inspection.adopted_homes.add(str(adopted.get("home", "")).rstrip("/"))


def _problems(inspection: Inspection, node: str, expected: Dict[str, Any]) -> List[Problem]:
    port, role = expected["port"], NAMESRV if node.startswith("namesrv-") else BROKER
    try:
        found = find(inspection.system, port, role.main)
        if found is None:
            return []
        # Whatever is wrong with it, it is no stranger: what is wrong is told here.
        inspection.adopted_units.add(f"{found.unit}.service")
        live, version = inspection.system.server_config(role.title, port)
    except Trouble as trouble:
        return [Problem(trouble.problem, trouble.remedy)]
    except RemotingError as error:
        return [Problem(f"it does not answer: {error}", "have it answer, or stop it")]
    wanted = str(inspection.document["package"]["version"])
    problems = compare.version_problem(role.title, version, wanted)
    if "identity" in expected:
        problems = compare.identity_problems(port, live, expected["identity"]) + problems
    return problems
