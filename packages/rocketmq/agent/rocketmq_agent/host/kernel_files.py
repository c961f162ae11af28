"""Settings below /sys that have no sysctl key: huge pages and the disk's I/O scheduler.

systemd-tmpfiles writes them again at every boot (`w` lines), long before RocketMQ starts.
"""

import os
import re
from typing import Any, Dict, List, Optional, Tuple

from ..errors import ExitCode, StepError
from ..result import Result
from ..system.files import read_text, unlink, write_text

FILE = "/etc/tmpfiles.d/rocketmq.conf"
_HEAD = "# Written by the RocketMQ host agent: settings below /sys for RocketMQ.\n"
HUGEPAGE = "/sys/kernel/mm/transparent_hugepage/enabled"
# One scheduler, before and after the kernel went to multi-queue block devices (5.0).
_SAME_SCHEDULER = {"deadline": "mq-deadline", "mq-deadline": "deadline"}


def selected(text: str) -> str:
    """Of `always [madvise] never`, the one in brackets."""
    match = re.search(r"\[([^\]]+)\]", text)
    return match.group(1) if match else text.strip()


def offered(text: str) -> List[str]:
    """Of `always [madvise] never`, all three."""
    return text.replace("[", " ").replace("]", " ").split()


def apply(os_document: Dict[str, Any], data: str, host: Dict[str, Any], result: Result) -> None:
    """Have these settings on the host, and those of ours that are no longer wanted undone."""
    wanted: Dict[str, str] = {}
    hugepage = os_document.get("transparentHugepage")
    if hugepage:
        wanted[HUGEPAGE] = hugepage
    if os_document.get("ioScheduler"):
        _add_schedulers(wanted, os_document["ioScheduler"], data, result)
    old: Dict[str, str] = host.setdefault("kernelFiles", {})
    kept = {
        path: value
        for path, value in wanted.items()
        if _set(path, value, old, bool(os_document["strict"]), result)
    }
    host["kernelFilesKept"] = kept
    _drop([path for path in old if path not in wanted], old, result)
    if kept:
        if write_text(FILE, _render(kept)):
            result.changed.append(FILE)
    elif unlink(FILE):
        result.changed.append(f"{FILE} removed")


def drifted(host: Dict[str, Any]) -> List[Tuple[str, str, str]]:
    """Settings that are not as they were applied: path, expected, found."""
    kept: Dict[str, str] = host.get("kernelFilesKept", {})
    now = [(path, value, selected(read_text(path) or "")) for path, value in sorted(kept.items())]
    found = [(path, value, there) for path, value, there in now if value != there]
    if kept and (read_text(FILE) or "") != _render(kept):
        found.append((FILE, "as it was written", "missing or changed"))
    return found


def restore(host: Dict[str, Any], result: Result) -> None:
    """Remove the file and put the old values back."""
    old: Dict[str, str] = host.get("kernelFiles", {})
    _drop(list(old), old, result)
    if unlink(FILE):
        result.changed.append(f"{FILE} removed")


def _render(kept: Dict[str, str]) -> str:
    return _HEAD + "".join(f"w {path} - - - - {value}\n" for path, value in sorted(kept.items()))


def _set(path: str, value: str, old: Dict[str, str], strict: bool, result: Result) -> bool:
    before = selected(read_text(path) or "")
    if before == value:
        return True
    fault = _write(path, value)
    if not fault:
        old.setdefault(path, before)
        result.changed.append(f"{path} {before} -> {value}")
        return True
    if strict:
        raise StepError(
            ExitCode.REFUSED,
            f"{path} = {value}: {fault}",
            "Leave the setting out, or let refused settings be warnings (os.strict = false).",
        )
    result.warnings.append(f"{path} = {value}: {fault}")
    return False


def _write(path: str, value: str) -> str:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(value)
    except OSError as error:
        return f"the kernel refused it ({error.strerror})"
    now = selected(read_text(path) or "")
    return "" if now == value else f"the kernel keeps {now}"


def _drop(paths: List[str], old: Dict[str, str], result: Result) -> None:
    for path in paths:
        value = old.pop(path)
        fault = _write(path, value) if os.path.exists(path) else ""
        if fault:
            result.warnings.append(f"{path} could not be put back to {value}: {fault}")
        else:
            result.changed.append(f"{path} back to {value}")


def _add_schedulers(wanted: Dict[str, str], scheduler: str, data: str, result: Result) -> None:
    paths = [f"{disk}/queue/scheduler" for disk in disks_below(data)]
    if not paths:
        result.warnings.append(f"the I/O scheduler is not set: {data} is not on a disk of its own")
    for path in paths:
        choices = offered(read_text(path) or "")
        alias: Optional[str] = _SAME_SCHEDULER.get(scheduler)
        wanted[path] = alias if alias in choices and scheduler not in choices else scheduler


def disks_below(path: str, sys: str = "/sys") -> List[str]:
    """The disks (folders in /sys/block) that a path is on: below partitions, LVM and RAID."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    device = os.stat(path).st_dev
    node = os.path.join(sys, "dev", "block", f"{os.major(device)}:{os.minor(device)}")
    return sorted(set(_disks(os.path.realpath(node)))) if os.path.exists(node) else []


def _disks(node: str) -> List[str]:
    if os.path.exists(os.path.join(node, "partition")):
        return _disks(os.path.dirname(node))
    slaves = os.path.join(node, "slaves")
    below = os.listdir(slaves) if os.path.isdir(slaves) else []
    if below:
        real = [os.path.realpath(os.path.join(slaves, name)) for name in below]
        return [disk for slave in real for disk in _disks(slave)]
    return [node] if os.path.exists(os.path.join(node, "queue", "scheduler")) else []
