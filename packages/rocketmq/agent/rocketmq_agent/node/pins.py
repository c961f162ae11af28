"""Memory sizes, computed once and remembered.

A heap that followed the machine's size would be an unannounced restart whenever a machine gets
more memory. So a share of the memory is computed when it is first asked for, and again only when
what was asked for changes.
"""

from typing import Any, Callable, Dict, Optional

from ..system.memory import machine_mb

Pins = Dict[str, Any]


def resolve(
    name: str,
    wanted: Optional[Dict[str, Any]],
    pins: Pins,
    memory: Callable[[], int] = machine_mb,
) -> Optional[int]:
    """MiB for a MemoryDocument; `pins` is what was computed before, and is updated."""
    if wanted is None:
        pins.pop(name, None)
        return None
    if wanted.get("mb") is not None:
        pins.pop(name, None)
        return int(wanted["mb"])
    pinned = pins.get(name)
    if pinned is not None and pinned["wanted"] == wanted:
        return int(pinned["mb"])
    mb = compute(wanted, memory())
    pins[name] = {"wanted": wanted, "mb": mb}
    return mb


def compute(wanted: Dict[str, Any], machine: int) -> int:
    """A share of the machine's memory, within its bounds."""
    mb = machine * int(wanted.get("percent", 0)) // 100
    mb = max(mb, int(wanted.get("minMb", 64)))
    return min(mb, int(wanted["maxMb"])) if wanted.get("maxMb") is not None else mb
