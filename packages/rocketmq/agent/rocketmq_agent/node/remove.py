"""The delete step of every node: the process and its set-up go, its data stays."""

import os

from ..errors import ExitCode, StepError
from ..progress import say
from ..result import Result
from ..steps import Context, Document
from ..system import systemd
from ..system.files import read_json, read_text, remove_if_empty, remove_tree
from . import lease, lifecycle
from .node import forget, record_path
from .unit import UMBRELLA


def delete(document: Document, context: Context) -> Result:
    """Stop, disable and remove the node; nothing to do where it is gone already."""
    result = Result()
    name = document["node"]
    record = read_json(record_path(name))
    if record is not None and record.get("cluster") != document["cluster"]:
        raise StepError(
            ExitCode.REFUSED,
            f"node {name} of this host belongs to cluster {record.get('cluster')}",
            "Remove the resource from the state if its node is gone (pulumi state delete).",
        )
    unit = record["unit"] if record else _unit_of(document)
    lease.discard(name)
    if _remove_unit(unit):
        result.changed.append(f"{unit} stopped and removed")
    if remove_tree(os.path.join(document["paths"]["deploy"], "nodes", name)):
        result.changed.append(f"releases of {name} removed")
    forget(name)
    data = os.path.join(document["paths"]["data"], name)
    for folder in (os.path.join(data, "logs"), data):
        remove_if_empty(folder)
    if os.path.exists(data):
        say(f"{name}: its data stays in {data}")
        result.facts["data"] = data
    return result


def _unit_of(document: Document) -> str:
    release = document.get("release") or document
    return str((release.get("unit") or {}).get("name", ""))


def _remove_unit(unit: str) -> bool:
    """Stop and remove a unit of ours; a unit of somebody else is left alone."""
    text = read_text(systemd.path_of(unit)) if unit else None
    if text is None or not text.startswith(systemd.MARK):
        return False
    say(f"stopping {unit}")
    # systemd itself ends what does not stop within the unit's TimeoutStopSec.
    systemd.stop(unit, 3600)
    part_of = UMBRELLA if f"PartOf={UMBRELLA}.service" in text else None
    lifecycle.remove_unit(unit, part_of)
    return True
