"""Is the machine still being made: cloud-init, or somebody's package manager."""

from typing import Callable, Optional

from ..progress import say
from . import java
from .findings import Inspection
from .system import System
from .units import process

# A first boot with package upgrades takes minutes; unattended upgrades too.
CLOUD_INIT_WAIT = 600.0
LOCK_WAIT = 300.0
_PAUSE = 2.0
_TELL = 15.0

_LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/lib/rpm/.rpm.lock",
    "/usr/lib/sysimage/rpm/.rpm.lock",
)
# dnf, yum and zypper write their process id instead.
_PID_FILES = ("/var/run/dnf.pid", "/var/run/yum.pid", "/run/zypp.pid")


def cloud_init(system: System) -> Optional[str]:
    """What to wait for, in words; None when cloud-init is done or was never here."""
    if not system.exists("/run/cloud-init/enabled"):
        return None
    return None if system.exists("/run/cloud-init/result.json") else "cloud-init is still running"


def package_lock(system: System) -> Optional[str]:
    """Who holds the package manager's lock, in words; None when nobody does."""
    for path in _LOCKS:
        pid = system.lock_holder(path)
        if pid is not None:
            return f"{path} is held by {_who(system, pid)}"
    for path in _PID_FILES:
        text = (system.read(path) or "").strip()
        if text.isdigit() and process(system, int(text)) is not None:
            return f"{path} is held by {_who(system, int(text))}"
    return None


def wait_until_settled(inspection: Inspection) -> None:
    """Waits for both, a bounded time each; the lock only when a Java has to be installed."""
    _wait(
        inspection,
        "cloud-init",
        cloud_init,
        CLOUD_INIT_WAIT,
        "see 'cloud-init status --long' and /var/log/cloud-init-output.log",
    )
    if package_lock(inspection.system) and java.must_be_installed(inspection):
        _wait(
            inspection,
            "packages",
            package_lock,
            LOCK_WAIT,
            "let that program finish, or install a Java and set java.install to false",
        )


def _wait(
    inspection: Inspection,
    check: str,
    pending: Callable[[System], Optional[str]],
    limit: float,
    remedy: str,
) -> None:
    system = inspection.system
    started = system.monotonic()
    told = started - _TELL
    while True:
        what = pending(system)
        if what is None:
            return
        waited = system.monotonic() - started
        if waited >= limit:
            inspection.fail(check, f"{what} after {limit:.0f} s", remedy)
            return
        if system.monotonic() - told >= _TELL:
            told = system.monotonic()
            say(f"{what}; waiting ({waited:.0f} s of at most {limit:.0f} s)")
        system.sleep(_PAUSE)


def _who(system: System, pid: int) -> str:
    return str(process(system, pid) or f"pid {pid}")
