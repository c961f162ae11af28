"""The delete steps of every node: the process and its set-up go, its data stays or goes too."""

import os
import re
from typing import Any, Dict, List

from .. import state
from ..adopt import old_unit
from ..errors import ExitCode, StepError
from ..progress import say
from ..result import Result
from ..steps import Context, Document
from ..system import systemd
from ..system.files import (
    empty_folder,
    read_json,
    read_text,
    remove_if_empty,
    remove_tree,
    unlink,
)
from . import decommission, identity, lease, lifecycle, name_servers
from .node import forget, record_path
from .unit import UMBRELLA, node_of

# Twenty digits, the offset of its first byte: a file of RocketMQ's commit log.
_COMMIT_LOG = re.compile(r"\d{20}")
# A busy broker needs its time; a kill costs a recovery of its store.
_OLD_STOP_SECONDS = 300


def delete(document: Document, context: Context) -> Result:
    """Stop, disable and remove the node; nothing to do where it is gone already."""
    return _remove(document, purged=False)


def purge(document: Document, context: Context) -> Result:
    """The same, and its messages and logs go too."""
    return _remove(document, purged=True)


def leave(document: Document, context: Context) -> Result:
    """The node was moved to another machine: it goes from here, where its data stays.

    Where this machine has only got another name in the program, the node is where it shall be.
    """
    names = state.read_host().get("names") or {}
    name = names.get(document["cluster"], document["host"])
    if name != document["host"]:
        say(f"{document['node']} stays: {document['host']} is called {name} now")
        return Result()
    return _remove(document, purged=False)


def _remove(document: Document, purged: bool) -> Result:
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
    if _remove_unit(unit, name):
        result.changed.append(f"{unit} stopped and removed")
    old = _stop_old_unit(record or {}, os.path.join(document["paths"]["deploy"], "nodes", name))
    if old:
        result.changed.append(f"{old} stopped and disabled; its files stay")
    if purged and record is not None:
        # Before the node is forgotten: what is cut off here goes on in the next run.
        _purge_data(document, result)
    if remove_tree(os.path.join(document["paths"]["deploy"], "nodes", name)):
        result.changed.append(f"releases of {name} removed")
    forget(name)
    decommission.forget(name)
    name_servers.end(name)
    data = os.path.join(document["paths"]["data"], name)
    for folder in (os.path.join(data, "logs"), data):
        remove_if_empty(folder)
    if os.path.exists(data):
        say(f"{name}: its data stays in {data}")
        result.facts["data"] = data
    return result


def _purge_data(document: Document, result: Result) -> None:
    """Messages and logs of a node that is known to be this cluster's."""
    name = document["node"]
    data = os.path.join(document["paths"]["data"], name)
    say(f"{name}: removing its data in {data}")
    # A folder may be the mount point of a disk: that stays, empty.
    if empty_folder(data):
        result.changed.append(f"data and logs of {name} removed")
    remove_if_empty(data)
    conf = (document.get("release") or {}).get("conf") or {}
    # The root first: the other paths are below it unless the user has put them elsewhere.
    for key in sorted(conf, key=lambda name: (name != "storePathRootDir", name)):
        if not key.startswith("storePath"):
            continue
        for path in _elsewhere(conf[key], data):
            if key == "storePathRootDir" and identity.owns(path, document["identity"]):
                empty_folder(path)
                remove_if_empty(path)
                result.changed.append(f"store {path} removed")
                continue
            _purge_store(key, path, result)


def _elsewhere(value: str, data: str) -> List[str]:
    """The paths of a key of broker.conf that are not below the node's own folder."""
    paths = [path for path in re.split("[,:]", value) if path.startswith("/")]
    return [path for path in paths if os.path.commonpath([data, path]) != data]


def _purge_store(key: str, path: str, result: Result) -> None:
    """What the user has put elsewhere: only what certainly is a commit log, the rest is told."""
    if key == "storePathCommitLog" and os.path.isdir(path):
        logs = [name for name in os.listdir(path) if _COMMIT_LOG.fullmatch(name)]
        for name in logs:
            unlink(os.path.join(path, name))
        if logs:
            result.changed.append(f"commit log in {path} removed")
        remove_if_empty(path)
    if os.path.exists(path):
        result.warnings.append(f"{path} ({key}) stays: remove it if nothing else needs it")


def _stop_old_unit(record: Dict[str, Any], folder: str) -> str:
    """The unit of an adopted node that still runs from it, stopped; nothing for any other."""
    adopted = record.get("adopted") or {}
    current = os.path.join(folder, "current")
    number = os.path.basename(os.readlink(current)) if os.path.islink(current) else ""
    if not number or adopted.get("release") != number:
        return ""
    say(f"stopping {adopted['unit']}")
    old_unit.stop(adopted["unit"], _OLD_STOP_SECONDS)
    old_unit.leave(adopted, [])
    systemd.reload()
    return str(adopted["unit"])


def _unit_of(document: Document) -> str:
    release = document.get("release") or document
    return str((release.get("unit") or {}).get("name", ""))


def _remove_unit(unit: str, name: str) -> bool:
    """Stop and remove a unit of ours; that of somebody else or another node is left alone."""
    text = read_text(systemd.path_of(unit)) if unit else None
    if text is None or not text.startswith(systemd.MARK) or node_of(text) not in ("", name):
        return False
    say(f"stopping {unit}")
    # systemd itself ends what does not stop within the unit's TimeoutStopSec.
    systemd.stop(unit, 3600)
    part_of = UMBRELLA if f"PartOf={UMBRELLA}.service" in text else None
    lifecycle.remove_unit(unit, part_of)
    return True
