"""Is this a machine that the agent can work on: root, Linux with systemd, the tools it calls."""

import shlex
from typing import Dict

from .findings import Inspection

# By ID or ID_LIKE of /etc/os-release, so that derivatives (Rocky, Alma, Oracle, Kylin, ...) pass.
FAMILIES = {
    "debian": "debian",
    "ubuntu": "debian",
    "rhel": "rhel",
    "centos": "rhel",
    "fedora": "rhel",
    "amzn": "rhel",
    "openeuler": "rhel",
    "anolis": "rhel",
    "opencloudos": "rhel",
    "alinux": "rhel",
    "kylin": "rhel",
    "suse": "suse",
    "opensuse": "suse",
    "sles": "suse",
}

_SUPPORTED = "Debian, Ubuntu, RHEL and its relatives, Amazon Linux, openEuler, Anolis, SUSE"

# What RocketMQ 5's native libraries (RocksDB, Netty) and every supported Java are built for.
_MACHINES = ("x86_64", "aarch64")

# Program to the package that brings it: Debian's name, then the others'.
_TOOLS = {
    "systemctl": ("systemd", "systemd"),
    "systemd-run": ("systemd", "systemd"),
    "useradd": ("passwd", "shadow-utils"),
    "sysctl": ("procps", "procps-ng"),
}


def os_release(inspection: Inspection) -> Dict[str, str]:
    """The members of /etc/os-release."""
    text = inspection.system.read("/etc/os-release")
    text = text or inspection.system.read("/usr/lib/os-release") or ""
    members: Dict[str, str] = {}
    for line in text.splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            try:
                members[name] = " ".join(shlex.split(value))
            except ValueError:
                members[name] = value
    return members


def family(release: Dict[str, str]) -> str:
    """`debian`, `rhel`, `suse`, or empty."""
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    for name in names:
        known = FAMILIES.get(name.lower().split("-")[0])
        if known:
            return known
    return ""


def check_root(inspection: Inspection) -> None:
    """Root rights: everything after preflight needs them."""
    uid = inspection.system.uid()
    if uid != 0:
        inspection.fail(
            "root",
            f"runs as uid {uid}, not as root",
            "connect as root, or give the SSH user passwordless sudo (NOPASSWD)",
        )


def check_os(inspection: Inspection) -> None:
    """A Linux that we know, on a processor that RocketMQ's native parts are built for."""
    system = inspection.system
    if system.kernel() != "Linux":
        inspection.fail(
            "os", f"{system.kernel()} is not supported", f"use a Linux host: {_SUPPORTED}"
        )
        return
    release = os_release(inspection)
    name = release.get("PRETTY_NAME") or release.get("ID") or "an unknown Linux"
    inspection.facts["os"] = name
    inspection.facts["kernel"] = (system.read("/proc/sys/kernel/osrelease") or "").strip()
    inspection.facts["cpus"] = str(system.cpus())
    if not family(release):
        inspection.fail("os", f"{name} is not supported", f"use one of: {_SUPPORTED}")
    machine = system.machine()
    inspection.facts["architecture"] = machine
    if machine not in _MACHINES:
        inspection.fail(
            "architecture",
            f"{machine} is not supported",
            f"use a host with one of: {', '.join(_MACHINES)}",
        )


def check_init(inspection: Inspection) -> None:
    """Systemd as init, not merely installed: units are how nodes run."""
    # What sd_booted() looks at.
    if inspection.system.exists("/run/systemd/system"):
        return
    init = (inspection.system.read("/proc/1/comm") or "unknown").strip()
    inspection.fail(
        "systemd",
        f"the init system is {init}, not systemd",
        "use a host (or a container image) that was booted with systemd",
    )


def check_tools(inspection: Inspection) -> None:
    """The programs that the agent calls."""
    debian = family(os_release(inspection)) == "debian"
    for program, packages in _TOOLS.items():
        if inspection.system.which(program) is None:
            package = packages[0] if debian else packages[1]
            inspection.fail(
                "tools", f"{program} is not installed", f"install the package {package}"
            )
