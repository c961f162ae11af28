"""Kernel settings, user, Java and RocketMQ package."""

import os
import pwd
from typing import Any, Dict, List

from .. import state
from ..errors import StepError
from ..host import java, kernel_files, package, sysctl
from ..host.versions import RECORD, folder_of
from ..node.drift import Drift
from ..steps import Document
from ..system.files import read_json
from .difference import HOT, MANUAL, REINSTALL, Difference, priced

# More would hide the rest; a package that was damaged at all is installed again as a whole.
_SHOWN_FILES = 5


def check(document: Document) -> List[Difference]:
    """What the `host` step would change, with `reconcile`."""
    return [
        *_kernel(document),
        *_user(document["user"]),
        *_java(document["java"]),
        *_package(document["package"], document["paths"]["deploy"]),
    ]


def _kernel(document: Document) -> List[Difference]:
    settings = document.get("os")
    if not settings:
        return []
    host = state.read_host()
    found = sysctl.drifted(settings["sysctl"], host) + kernel_files.drifted(host)
    return priced("", HOT, [Drift(*one) for one in found])


def _user(user: str) -> List[Difference]:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return [Difference("", f"user {user}", "there", "missing", HOT)]
    return []


def _java(wanted: Dict[str, Any]) -> List[Difference]:
    try:
        java.required(wanted)
    except StepError as error:
        expected = wanted.get("home") or f"{wanted['min']} to {wanted['max']}"
        repair = REINSTALL if wanted["install"] else MANUAL
        return [Difference("", "Java", str(expected), error.message, repair)]
    return []


def _package(wanted: Dict[str, Any], deploy: str) -> List[Difference]:
    folder = folder_of(deploy, wanted["version"])
    name = f"RocketMQ {wanted['version']}"
    record = read_json(os.path.join(folder, RECORD))
    if record is None:
        found = "incomplete" if os.path.isdir(folder) else "missing"
        return [Difference("", name, f"installed in {folder}", found, REINSTALL)]
    digest = (wanted.get("sha512") or "").lower()
    if digest and record.get("sha512") != digest:
        other = str(record.get("sha512"))
        return [Difference("", f"{name}, SHA-512 of its archive", digest, other, REINSTALL)]
    harm = package.damage(folder, record)
    more = [f"and {len(harm) - _SHOWN_FILES} more"] if len(harm) > _SHOWN_FILES else []
    if not harm:
        return []
    listed = ", ".join(harm[:_SHOWN_FILES] + more)
    return [Difference("", f"{name} in {folder}", "as in its archive", listed, REINSTALL)]
