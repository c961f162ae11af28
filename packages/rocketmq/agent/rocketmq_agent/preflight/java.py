"""Is there a Java that fits, or can one be installed."""

import re
from typing import Dict, Optional, Tuple

from .findings import Inspection
from .system import System

_FOLDERS = ("/usr/lib/jvm", "/usr/java", "/usr/lib64/jvm", "/opt/java", "/usr/local/java", "/opt")
_VERSION = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)
_PRINTED = re.compile(r'version "(?:1\.)?(\d+)')
MANAGERS = ("apt-get", "dnf", "yum", "zypper")


def major(system: System, home: str) -> Optional[int]:
    """The major version of the Java in a folder; None when there is none."""
    if not system.exists(f"{home}/bin/java"):
        return None
    # The file `release` says it without starting a JVM; old Debian packages have none.
    for place in (home, f"{home}/.."):
        match = _VERSION.search(system.read(f"{place}/release") or "")
        if match:
            return int(match.group(1))
    match = _PRINTED.search(system.output([f"{home}/bin/java", "-version"]) or "")
    return int(match.group(1)) if match else None


def homes(system: System) -> Dict[str, int]:
    """Every Java on the host: its home to its major version."""
    found: Dict[str, int] = {}
    candidates = [f"{folder}/{name}" for folder in _FOLDERS for name in system.names(folder)]
    linked = system.which("java")
    if linked:
        candidates.append(system.real(linked).rpartition("/bin/")[0])
    for home in dict.fromkeys(system.real(one) for one in candidates):
        version = major(system, home)
        if version is not None:
            found[home] = version
    return found


def fitting(inspection: Inspection) -> Tuple[Optional[str], Dict[str, int]]:
    """A home whose version is allowed (None: there is none), and all that were found."""
    java = inspection.document["java"]
    found = homes(inspection.system)
    fits = [home for home, version in found.items() if java["min"] <= version <= java["max"]]
    return (fits[0] if fits else None), found


def check_java(inspection: Inspection) -> None:
    """A Java in the range of the RocketMQ version, or a way to get one."""
    java = inspection.document["java"]
    wanted = f"Java {java['min']} to {java['max']}"
    if java.get("home"):
        _check_home(inspection, java["home"], wanted)
        return
    home, found = fitting(inspection)
    if home is not None:
        inspection.facts["java"] = f"{found[home]} ({home})"
        return
    listed = ", ".join(f"{version} ({home})" for home, version in sorted(found.items()))
    problem = f"{wanted} is needed, found: {listed or 'none'}"
    if not java["install"]:
        inspection.fail("java", problem, "install one, set java.home, or allow java.install")
    elif package_manager(inspection.system) is None:
        inspection.fail(
            "java", f"{problem}, and no package manager is known here", "install one by hand"
        )
    else:
        inspection.facts["java"] = f"none that fits; {java['preferred']} is to be installed"


def package_manager(system: System) -> Optional[str]:
    """The program that installs packages on this host."""
    return next((name for name in MANAGERS if system.which(name)), None)


def must_be_installed(inspection: Inspection) -> bool:
    """Whether the package manager will be called to install a Java."""
    java = inspection.document["java"]
    return not java.get("home") and java["install"] and fitting(inspection)[0] is None


def _check_home(inspection: Inspection, home: str, wanted: str) -> None:
    java = inspection.document["java"]
    version = major(inspection.system, home)
    if version is None:
        inspection.fail("java", f"no Java is in {home}", "correct java.home, or leave it out")
    elif not java["min"] <= version <= java["max"]:
        inspection.fail(
            "java",
            f"the Java in {home} is {version}, {wanted} is needed",
            "set java.home to another one, or leave it out",
        )
    else:
        inspection.facts["java"] = f"{version} ({home})"
