"""How much memory the machine has."""

import os
from typing import List, Optional

from .files import read_text

# cgroup v1 says "no limit" with a number near 2^63.
_NO_LIMIT_MB = 1 << 40


def machine_mb(root: str = "/") -> int:
    """MiB that processes of this machine can have: its memory, or its cgroups' limit if less."""
    limits = [_total_mb(root), *_cgroup_limits(root)]
    return min(limits)


def _total_mb(root: str) -> int:
    for line in (read_text(os.path.join(root, "proc/meminfo")) or "").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) // 1024
    raise ValueError("/proc/meminfo has no MemTotal")


def _cgroup_limits(root: str) -> List[int]:
    """The limits of our cgroup and all above it; those inside a container count too."""
    found = []
    for line in (read_text(os.path.join(root, "proc/self/cgroup")) or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, name = "sys/fs/cgroup", "memory.max"
        elif "memory" in controllers.split(","):
            base, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
        else:
            continue
        folder = path.strip("/")
        while True:
            limit = _limit_mb(os.path.join(root, base, folder, name))
            if limit is not None:
                found.append(limit)
            if not folder:
                break
            folder = os.path.dirname(folder)
    return found


def _limit_mb(path: str) -> Optional[int]:
    text = (read_text(path) or "max").strip()
    if not text.isdigit():
        return None
    limit = int(text) >> 20
    return limit if limit < _NO_LIMIT_MB else None
