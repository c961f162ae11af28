"""Is there enough memory for all roles of the host together."""

import re
from typing import Optional

from .findings import Inspection

# Where a container's or slice's own limit is: cgroup v2, then v1.
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")

# /proc/meminfo leaves out what the kernel took for itself: a "4 GiB" machine shows 3.8.
_TOLERANCE = 0.9


def memory_mb(inspection: Inspection) -> int:
    """The machine's memory, or its cgroup's limit where that is smaller."""
    total = _meminfo(inspection, "MemTotal") or 0
    for path in _LIMITS:
        text = (inspection.system.read(path) or "").strip()
        if text.isdigit() and int(text) > 0:
            total = min(total, int(text) >> 20)
    return total


def check_memory(inspection: Inspection) -> None:
    """Total memory decides; what is free now only warns."""
    need = int(inspection.document["memoryMb"])
    total = memory_mb(inspection)
    inspection.facts["memoryMb"] = str(total)
    if total < need * _TOLERANCE:
        inspection.fail(
            "memory",
            f"the machine has {total} MiB, its roles need {need} MiB",
            "use a larger machine, fewer roles on it, or smaller heaps",
        )
        return
    available = _meminfo(inspection, "MemAvailable")
    if available is not None and available < need and inspection.new_nodes() == inspection.nodes:
        inspection.warn(
            "memory",
            f"{available} MiB of {total} MiB are available now, the host's roles need {need} MiB",
            "see what else runs there",
        )


def _meminfo(inspection: Inspection, member: str) -> Optional[int]:
    text = inspection.system.read("/proc/meminfo") or ""
    match = re.search(rf"^{member}:\s+(\d+) kB", text, re.MULTILINE)
    return int(match.group(1)) >> 10 if match else None
