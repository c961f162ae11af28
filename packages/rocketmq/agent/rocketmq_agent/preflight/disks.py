"""Is there room, and may it be written to."""

import os
from typing import Dict, List

from .findings import Inspection
from .system import System

# A distribution has 200 files; each queue of each topic then takes one or more of its own.
_INODES = 10000


def nearest(system: System, path: str) -> str:
    """The path itself, or its nearest parent that is there."""
    while not system.exists(path) and path not in ("", "/"):
        path = os.path.dirname(path.rstrip("/"))
    return path or "/"


def check_space(inspection: Inspection) -> None:
    """Free space, per file system: what several paths need on one adds up."""
    needs: Dict[int, int] = {}
    paths: Dict[int, List[str]] = {}
    for path, size in sorted(inspection.document["disk"].items()):
        need = _need(inspection, path, int(size))
        if need == 0:
            continue
        device = inspection.system.space(nearest(inspection.system, path)).device
        needs[device] = needs.get(device, 0) + need
        paths.setdefault(device, []).append(path)
    for device, total in needs.items():
        place = nearest(inspection.system, paths[device][0])
        space = inspection.system.space(place)
        names = " and ".join(paths[device])
        if space.free_mb < total:
            inspection.fail(
                "disk",
                f"{space.free_mb} MiB are free below {names}, {total} MiB are needed",
                "free some space, mount a larger disk there, or choose other paths",
            )
        if space.total_inodes > 0 and space.free_inodes < _INODES:
            inspection.fail(
                "inodes",
                f"{space.free_inodes} inodes are free below {names}, {_INODES} are needed",
                "delete small files, or make the file system anew with more inodes (mkfs -N)",
            )


def _need(inspection: Inspection, path: str, size: int) -> int:
    """What is still to come: a node that runs has its space, and may well have filled the disk."""
    if path == inspection.deploy:
        return 0 if inspection.installed() else size
    return size * len(inspection.new_nodes()) // max(1, len(inspection.nodes))


def check_writable(inspection: Inspection) -> None:
    """Every place that the agent writes to, its own and systemd's included."""
    if inspection.system.uid() != 0:
        # Nothing to learn before that is mended.
        return
    wanted = {inspection.deploy, inspection.data, *inspection.document["disk"]}
    wanted |= {"/etc/systemd/system", "/etc/sysctl.d", "/var/lib/rocketmq-agent"}
    for path in sorted(wanted):
        place = nearest(inspection.system, path)
        below = path if place == path else f"{place} (for {path})"
        if not inspection.system.is_folder(place):
            inspection.fail("writable", f"{below} is not a folder", "choose another path")
        elif inspection.system.space(place).read_only:
            inspection.fail(
                "writable",
                f"{below} is on a file system that is mounted read-only",
                "remount it (mount -o remount,rw), look for disk errors in dmesg",
            )
        elif not inspection.system.writable(place):
            inspection.fail(
                "writable",
                f"{below} cannot be written to",
                f"see the rights and attributes of {place} (ls -ld, lsattr -d)",
            )
