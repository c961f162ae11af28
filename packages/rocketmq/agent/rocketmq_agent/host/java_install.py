"""Installing Java with the host's own package manager."""

import re
import time
from typing import Any, Dict, List, NamedTuple

from ..errors import ExitCode, StepError
from ..progress import say
from ..result import Result
from ..system.commands import Finished, run
from ..system.files import read_text
from .java import Java, choose, find, missing

# Other package work (cloud-init, unattended upgrades) may hold the lock for this long.
_LOCK_SECONDS = 300
_INSTALL_SECONDS = 900
# Major versions that distributions have packages of, beside the preferred one.
_COMMON_MAJORS = (21, 17, 11, 8)
_LOCKED = re.compile(
    r"could not get lock|unable to acquire the dpkg|unable to lock|waiting for process"
    r"|is locked by|another app is currently holding|system management is locked",
    re.IGNORECASE,
)


class Manager(NamedTuple):
    """A package manager, and how it names Java."""

    program: str
    install: List[str]
    refresh: List[str]
    # With {major} for the version; {legacy} is 1.8.0 for Java 8.
    package: str


_APT = Manager(
    "apt-get",
    ["apt-get", "install", "-y", "-q", "--no-install-recommends"],
    ["apt-get", "update", "-q"],
    "openjdk-{major}-jre-headless",
)
_DNF = Manager("dnf", ["dnf", "install", "-y", "-q"], [], "java-{legacy}-openjdk-headless")
_YUM = _DNF._replace(program="yum", install=["yum", "install", "-y", "-q"])
_ZYPPER = Manager(
    "zypper",
    ["zypper", "--non-interactive", "install", "--no-recommends"],
    ["zypper", "--non-interactive", "refresh"],
    "java-{legacy_}-openjdk-headless",
)


def manager() -> Manager:
    """The package manager of the host."""
    for candidate in (_APT, _DNF, _YUM, _ZYPPER):
        if run([candidate.program, "--version"]).code == 0:
            amazon = 'ID="amzn"' in (read_text("/etc/os-release") or "")
            return candidate._replace(
                package="java-{legacy}-amazon-corretto-headless" if amazon else candidate.package
            )
    raise StepError(
        ExitCode.REFUSED,
        "no package manager that could install Java (looked for apt-get, dnf, yum, zypper)",
        "Install Java on the machine and name its JAVA_HOME.",
    )


def package_name(pattern: str, major: int) -> str:
    """The package of a major version: RPM distributions say 1.8.0 where all others say 8."""
    legacy = "1.8.0" if major == 8 else str(major)
    return pattern.format(major=major, legacy=legacy, legacy_=legacy.replace(".", "_"))


def majors(wanted: Dict[str, Any]) -> List[int]:
    """Which major versions to try, in order."""
    others = [major for major in _COMMON_MAJORS if wanted["min"] <= major <= wanted["max"]]
    return [wanted["preferred"]] + [major for major in others if major != wanted["preferred"]]


def install(wanted: Dict[str, Any], result: Result) -> Java:
    """Install the preferred Java, or the next best that the distribution has."""
    tool = manager()
    failures: List[str] = []
    refreshed = False
    for major in majors(wanted):
        package = package_name(tool.package, major)
        say(f"installing {package}")
        done = _patiently([*tool.install, package])
        if done.code != 0 and tool.refresh and not refreshed:
            # Most machines have fresh lists; fetching them first would cost seconds every time.
            _patiently(tool.refresh)
            refreshed = True
            done = _patiently([*tool.install, package])
        java = choose(find(), wanted)
        if done.code == 0 and java is not None:
            result.changed.append(f"installed {package}")
            return java
        failures += [f"{package}: {line}" for line in done.output.strip().splitlines()[-2:]]
    error = missing(wanted, f"; {tool.program} could not install one")
    error.details = failures
    raise error


def _patiently(command: List[str]) -> Finished:
    """Run a package manager's command, waiting while another one holds its lock."""
    quiet = {
        "DEBIAN_FRONTEND": "noninteractive",
        "NEEDRESTART_SUSPEND": "1",
        "ZYPP_LOCK_TIMEOUT": str(_LOCK_SECONDS),
    }
    deadline = time.monotonic() + _LOCK_SECONDS
    told = False
    while True:
        done = run(command, timeout=_INSTALL_SECONDS, environment=quiet)
        if done.code == 0 or not _LOCKED.search(done.output) or time.monotonic() > deadline:
            return done
        if not told:
            say("waiting for other package work on the host")
            told = True
        time.sleep(3)
