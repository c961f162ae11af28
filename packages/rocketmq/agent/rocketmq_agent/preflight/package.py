"""Can the RocketMQ archive be had from here, and is the clock right by its server."""

from email.utils import parsedate_to_datetime
from typing import Optional

from .findings import Inspection
from .system import Answer

_TIMEOUT = 10.0
_OTHERWISE = "use a mirror (package.mirror) or push the archive over SSH (package.file)"

# Servers and signed URLs that refuse HEAD may still answer GET.
_NOT_FOR_HEAD = (400, 403, 405, 501)
_MISSING = (404, 410)


def check_package(inspection: Inspection) -> None:
    """The archive answers, its checksum too, and the server's clock agrees with ours."""
    package = inspection.document["package"]
    url = package.get("url")
    if not url or inspection.installed():
        return
    answer = _probe(inspection, url)
    if answer is None:
        return
    _check_clock(inspection, url, answer)
    if not package.get("sha512"):
        _probe(inspection, f"{url}.sha512")


def _probe(inspection: Inspection, url: str) -> Optional[Answer]:
    """The server's answer; None after a finding was made."""
    try:
        answer = inspection.system.ask("HEAD", url, _TIMEOUT)
        if answer.status in _NOT_FOR_HEAD:
            answer = inspection.system.ask("GET", url, _TIMEOUT)
    except (OSError, ValueError) as error:
        _unreachable(inspection, url, error)
        return None
    if answer.status < 400:
        return answer
    if answer.status in _MISSING and url.endswith(".sha512"):
        inspection.fail(
            "package",
            f"there is no checksum at {url} (HTTP {answer.status})",
            "give the digest in package.sha512, or put the file beside the archive",
        )
    elif answer.status in _MISSING:
        inspection.fail(
            "package",
            f"there is no archive at {url} (HTTP {answer.status})",
            f"correct the version or the URL; {_OTHERWISE}",
        )
    else:
        inspection.fail("package", f"{url} answers HTTP {answer.status}", _OTHERWISE)
    return None


def _unreachable(inspection: Inspection, url: str, error: Exception) -> None:
    reason = str(getattr(error, "reason", None) or error)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        inspection.fail(
            "package",
            f"the certificate of {url} is not trusted: {reason}",
            "set the host's clock, install ca-certificates or the authority's certificate",
        )
        return
    inspection.fail(
        "package",
        f"{url} cannot be reached from this host: {reason}",
        f"see the host's DNS, route, firewall and proxy; {_OTHERWISE}",
    )


def _check_clock(inspection: Inspection, url: str, answer: Answer) -> None:
    try:
        theirs = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, TypeError, ValueError, IndexError):
        return
    off = inspection.system.now() - theirs
    # A cached answer carries the Date of when it was made.
    age = answer.headers.get("age", "0")
    off -= int(age) if age.isdigit() else 0
    if abs(off) <= int(inspection.document["maxClockSkew"]):
        return
    way = "ahead of" if off > 0 else "behind"
    inspection.fail(
        "clock",
        f"the clock is {abs(off):.0f} s {way} that of {url.split('/')[2]}",
        "start time synchronisation: timedatectl set-ntp true (or systemctl start chronyd)",
    )


def check_ntp(inspection: Inspection) -> None:
    """Whether the clock will stay right: message timestamps and delays depend on it."""
    if inspection.system.clock_synchronized() is False:
        inspection.warn(
            "clock",
            "the clock is not kept in step by NTP",
            "timedatectl set-ntp true (systemd-timesyncd), or install chrony",
        )
