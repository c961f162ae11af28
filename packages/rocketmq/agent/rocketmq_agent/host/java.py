"""Which Java of the host runs RocketMQ."""

import glob
import os
import re
import shutil
from typing import Any, Dict, Iterable, List, NamedTuple, Optional

from ..errors import ExitCode, StepError
from ..system.commands import run

# Where distributions, vendors' packages and people put Java.
_PATTERNS = ("/usr/lib/jvm/*", "/usr/lib64/jvm/*", "/usr/java/*", "/opt/*", "/opt/java/*")


class Java(NamedTuple):
    """A Java on the host."""

    home: str
    version: str
    major: int


def major_of(version: str) -> int:
    """`1.8.0_392` is 8, `17.0.15` is 17; 0 for what is no version."""
    match = re.match(r"(?:1\.)?(\d+)", version)
    return int(match.group(1)) if match else 0


def inspect(home: str) -> Optional[Java]:
    """The Java below `home`, by its `release` file, else by asking it; None where there is none."""
    program = os.path.join(home, "bin", "java")
    if not os.access(program, os.X_OK):
        return None
    version = _version_in_release(os.path.join(home, "release")) or _version_by_asking(program)
    return Java(home, version, major_of(version)) if version else None


def _version_in_release(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            match = re.search(r'^JAVA_VERSION="?([^"\s]+)"?', file.read(), re.MULTILINE)
    except OSError:
        return ""
    return match.group(1) if match else ""


def _version_by_asking(program: str) -> str:
    match = re.search(r'version "([^"]+)"', run([program, "-version"], timeout=20).output)
    return match.group(1) if match else ""


def find() -> List[Java]:
    """Every Java on the host, one entry an installation."""
    homes = [home for pattern in _PATTERNS for home in sorted(glob.glob(pattern))]
    on_path = shutil.which("java")
    if on_path:
        homes.append(os.path.dirname(os.path.dirname(os.path.realpath(on_path))))
    found = (inspect(home) for home in homes)
    return _without_aliases(java for java in found if java is not None)


def _without_aliases(found: Iterable[Java]) -> List[Java]:
    """One entry an installation, under the name that updates are least likely to change.

    Packages put links such as jre-17 beside java-17-openjdk-17.0.9.0.9-2.el8.x86_64, whose name
    goes with the next update. A link such as default-java may one day mean another major version.
    """
    by_place: Dict[str, List[Java]] = {}
    for java in found:
        by_place.setdefault(os.path.realpath(java.home), []).append(java)
    chosen = []
    for place, aliases in by_place.items():
        lasting = [java for java in aliases if _names_major(java)]
        pool = lasting or [java._replace(home=place) for java in aliases[:1]]
        chosen.append(min(pool, key=lambda java: (len(java.home), java.home)))
    return chosen


def _names_major(java: Java) -> bool:
    numbers = re.findall(r"\d+", os.path.basename(java.home))
    return str(java.major) in numbers[:2]


def choose(found: Iterable[Java], wanted: Dict[str, Any]) -> Optional[Java]:
    """The best of those within `min`..`max`: the preferred major version, else the newest."""
    fitting = [java for java in found if wanted["min"] <= java.major <= wanted["max"]]
    fitting.sort(key=lambda java: (java.major == wanted["preferred"], _numbers(java.version)))
    return fitting[-1] if fitting else None


def _numbers(version: str) -> List[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def required(wanted: Dict[str, Any], pinned: str = "") -> Java:
    """The Java that a node runs on.

    `pinned` is the JAVA_HOME that it runs on already: kept as long as it fits, so that a Java
    installed beside it is no reason to restart.
    """
    if wanted.get("home"):
        return explicit(wanted)
    kept = inspect(pinned) if pinned else None
    if kept and wanted["min"] <= kept.major <= wanted["max"]:
        return kept
    java = choose(find(), wanted)
    if java is None:
        raise missing(wanted)
    return java


def explicit(wanted: Dict[str, Any]) -> Java:
    """The Java that the user named."""
    java = inspect(wanted["home"])
    if java is None:
        raise StepError(
            ExitCode.REFUSED,
            f"there is no Java at {wanted['home']} (no {wanted['home']}/bin/java that runs)",
            "Give the JAVA_HOME of an installed Java, or leave it out to have one found.",
        )
    if not wanted["min"] <= java.major <= wanted["max"]:
        raise StepError(
            ExitCode.REFUSED,
            f"{wanted['home']} is Java {java.version},"
            f" but this RocketMQ version runs on Java {wanted['min']} to {wanted['max']}",
            "Give the JAVA_HOME of a Java in that range, or leave it out to have one found.",
        )
    return java


def missing(wanted: Dict[str, Any], why: str = "") -> StepError:
    """What to say where no Java fits."""
    there = ", ".join(sorted(f"{java.version} at {java.home}" for java in find())) or "none"
    return StepError(
        ExitCode.REFUSED,
        f"no Java {wanted['min']} to {wanted['max']} on the host (found: {there})" + why,
        f"Install Java {wanted['preferred']}, or name a JAVA_HOME, or allow it to be installed.",
    )
