"""The `preflight` step: reads only, runs every check, and lists all that is wrong at once."""

import threading
from typing import Any, Callable, Dict, Optional

from ..errors import ExitCode, StepError
from ..result import Result
from . import (
    adoption,
    busy,
    disks,
    foreign,
    identity,
    java,
    memory,
    operating_system,
    package,
    ports,
)
from .findings import Inspection
from .system import System

Check = Callable[[Inspection], None]

# In the order in which failures are listed.
_CHECKS = (
    operating_system.check_root,
    operating_system.check_os,
    operating_system.check_init,
    operating_system.check_tools,
    identity.check_machine_id,
    identity.check_slots,
    identity.check_name_server,
    adoption.check_adopted,
    foreign.check_processes,
    foreign.check_units,
    foreign.check_folders,
    ports.check_ports,
    disks.check_space,
    disks.check_writable,
    memory.check_memory,
    java.check_java,
    package.check_ntp,
)

# These wait for a network: they run beside the others.
_SLOW_CHECKS = (package.check_package, identity.check_hostname)


def run(document: Dict[str, Any], system: Optional[System] = None) -> Result:
    """Checks the host. Raises StepError (65) with every failed check and its remedy."""
    inspection = Inspection(document, system or System())
    busy.wait_until_settled(inspection)
    beside = [_Beside(check, Inspection(document, inspection.system)) for check in _SLOW_CHECKS]
    for check in _CHECKS:
        _carry_out(check, inspection)
    for one in beside:
        one.join()
        inspection.findings += one.inspection.findings
        inspection.facts.update(one.inspection.facts)
    return _conclude(inspection)


class _Beside(threading.Thread):
    """A check in a thread of its own, with findings of its own."""

    def __init__(self, check: Check, inspection: Inspection) -> None:
        super().__init__(daemon=True)
        self.check = check
        self.inspection = inspection
        self.error: Optional[BaseException] = None
        self.start()

    def run(self) -> None:
        try:
            _carry_out(self.check, self.inspection)
        except Exception as error:
            self.error = error

    def join(self, timeout: Optional[float] = None) -> None:
        super().join(timeout)
        if self.error is not None:
            raise self.error


def _carry_out(check: Check, inspection: Inspection) -> None:
    """One check that the host does not let us make (a dead NFS mount) does not hide the others."""
    try:
        check(inspection)
    except OSError as error:
        name = check.__name__.replace("check_", "").replace("_", " ")
        inspection.fail(name, f"could not be checked: {error}", "see dmesg and the path named")


def _conclude(inspection: Inspection) -> Result:
    failed = [str(finding) for finding in inspection.findings if not finding.warning]
    if failed:
        count = "1 thing" if len(failed) == 1 else f"{len(failed)} things"
        raise StepError(
            ExitCode.PREFLIGHT_FAILED,
            f"{count} to mend first (nothing was changed)",
            details=failed,
        )
    result = Result()
    result.warnings = [str(finding) for finding in inspection.findings]
    result.facts = inspection.facts
    return result
