"""Is there a Java that fits, or can one be installed."""

from typing import List, Optional

from ..host.java import Java, choose
from .findings import Inspection

# The package managers that the host step installs Java with.
_MANAGERS = ("apt-get", "dnf", "yum", "zypper")


def check_java(inspection: Inspection) -> None:
    """A Java in the range of the RocketMQ version, or a way to get one."""
    wanted = inspection.document["java"]
    if wanted.get("home"):
        _check_home(inspection, wanted["home"])
        return
    found = inspection.system.javas()
    java = choose(found, wanted)
    if java is not None:
        inspection.facts["java"] = f"{java.version} ({java.home})"
        return
    problem = f"Java {wanted['min']} to {wanted['max']} is needed, found: {_listed(found)}"
    if not wanted["install"]:
        inspection.fail("java", problem, "install one, set java.home, or allow java.install")
    elif not any(inspection.system.which(name) for name in _MANAGERS):
        inspection.fail(
            "java",
            f"{problem}, and none of {', '.join(_MANAGERS)} is here to install one",
            "install one by hand and set java.home",
        )
    else:
        inspection.facts["java"] = f"none that fits; {wanted['preferred']} is to be installed"


def must_be_installed(inspection: Inspection) -> bool:
    """Whether the package manager will be called to install a Java."""
    wanted = inspection.document["java"]
    if wanted.get("home") or not wanted["install"]:
        return False
    return choose(inspection.system.javas(), wanted) is None


def _check_home(inspection: Inspection, home: str) -> None:
    wanted = inspection.document["java"]
    java: Optional[Java] = inspection.system.java_at(home)
    if java is None:
        inspection.fail("java", f"no Java is in {home}", "correct java.home, or leave it out")
    elif not wanted["min"] <= java.major <= wanted["max"]:
        inspection.fail(
            "java",
            f"the Java in {home} is {java.version}, {wanted['min']} to {wanted['max']} is needed",
            "set java.home to another one, or leave it out",
        )
    else:
        inspection.facts["java"] = f"{java.version} ({home})"


def _listed(found: List[Java]) -> str:
    return ", ".join(f"{java.version} ({java.home})" for java in found) or "none"
