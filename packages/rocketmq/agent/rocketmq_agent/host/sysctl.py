"""Kernel settings: applied key by key, read back, kept over a reboot, put back on delete."""

import glob
import os
from typing import Any, Dict, List, Optional, Tuple

from ..errors import ExitCode, StepError
from ..result import Result
from ..system.files import read_text, unlink, write_text

FILE = "/etc/sysctl.d/90-rocketmq.conf"
# Later files win, by name, whatever folder they are in (man sysctl.d).
_FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
_HEAD = """\
# Written by the RocketMQ host agent: kernel settings for RocketMQ.
# Changes here are overwritten; settings that shall win belong in a file with a later name.
"""


def proc_path(key: str) -> str:
    """`vm.swappiness` is /proc/sys/vm/swappiness."""
    return "/proc/sys/" + key.replace(".", "/")


def normal(value: str) -> str:
    """A value as we compare it: the kernel separates several numbers by tabs."""
    return " ".join(value.split())


def read(key: str) -> Optional[str]:
    """A setting as the kernel has it; None where it has no such key or hides it."""
    try:
        value = read_text(proc_path(key))
    except OSError:
        return None
    return None if value is None else normal(value)


def set_live(key: str, value: str) -> str:
    """Set it and read it back; what went wrong, or nothing."""
    try:
        descriptor = os.open(proc_path(key), os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value)
    except FileNotFoundError:
        return "this kernel has no such setting"
    except OSError as error:
        return f"the kernel refused it ({error.strerror})"
    now = read(key)
    return "" if now == normal(value) else f"the kernel keeps {now}"


def render(values: Dict[str, str]) -> str:
    """The content of the file."""
    return _HEAD + "".join(f"{key} = {value}\n" for key, value in sorted(values.items()))


def parse(text: str) -> Dict[str, str]:
    """The settings in a file of this kind."""
    values: Dict[str, str] = {}
    for line in text.splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.lstrip().startswith(("#", ";")):
            values[key.strip().lstrip("-").replace("/", ".")] = normal(value)
    return values


def apply(values: Dict[str, str], strict: bool, host: Dict[str, Any], result: Result) -> None:
    """Have exactly these settings of ours on the host.

    `host` keeps the values from before ours, for a key that is dropped later and for delete.
    """
    old: Dict[str, str] = host.setdefault("sysctl", {})
    taken: Dict[str, str] = {}
    for key, value in values.items():
        before = read(key)
        fault = "" if before == normal(value) else set_live(key, value)
        if fault:
            _complain(f"{key} = {value}: {fault}", strict, result)
            continue
        taken[key] = value
        if before != normal(value):
            old.setdefault(key, before or "")
            result.changed.append(f"{key} {before} -> {normal(value)}")
    host["sysctlRefused"] = sorted(key for key in values if key not in taken)
    _drop([key for key in old if key not in values], old, result)
    if taken:
        os.makedirs(os.path.dirname(FILE), exist_ok=True)
        if write_text(FILE, render(taken)):
            result.changed.append(FILE)
    elif unlink(FILE):
        result.changed.append(f"{FILE} removed")
    for warning in overruled(taken):
        result.warnings.append(warning)


def restore(host: Dict[str, Any], result: Result) -> None:
    """Remove the file and put the old values back."""
    old: Dict[str, str] = host.get("sysctl", {})
    _drop(list(old), old, result)
    if unlink(FILE):
        result.changed.append(f"{FILE} removed")


def _drop(keys: List[str], old: Dict[str, str], result: Result) -> None:
    for key in keys:
        value = old.pop(key)
        if value and read(key) != value:
            fault = set_live(key, value)
            if fault:
                result.warnings.append(f"{key} could not be put back to {value}: {fault}")
            else:
                result.changed.append(f"{key} back to {value}")


def _complain(message: str, strict: bool, result: Result) -> None:
    if strict:
        raise StepError(
            ExitCode.REFUSED,
            f"kernel setting {message}",
            "Leave the setting out, or let refused settings be warnings (os.strict = false).",
        )
    result.warnings.append(f"kernel setting {message}")


def drifted(values: Dict[str, str], host: Dict[str, Any]) -> List[Tuple[str, str, str]]:
    """Settings that are not as they were applied: key or file, expected, found."""
    text = read_text(FILE)
    filed = parse(text or "")
    # Noted since it is looked for; before that, what is not in the file was refused.
    refused = host.get("sysctlRefused", [key for key in values if key not in filed])
    wanted = {key: normal(value) for key, value in values.items() if key not in refused}
    found = [(key, value, read(key) or "none") for key, value in sorted(wanted.items())]
    found = [(key, value, now) for key, value, now in found if value != now]
    if text is None and wanted:
        return [*found, (FILE, "there", "missing")]
    return found + [
        (FILE, f"{key} = {wanted.get(key, '(unset)')}", f"{key} = {filed.get(key, '(unset)')}")
        for key in sorted({*wanted, *filed})
        if wanted.get(key) != filed.get(key)
    ]


def overruled(values: Dict[str, str]) -> List[str]:
    """Files that will set one of these keys to something else at the next boot."""
    own = os.path.basename(FILE)
    warnings = []
    for folder in _FOLDERS:
        for path in glob.glob(os.path.join(folder, "*.conf")):
            if os.path.basename(path) <= own:
                continue
            for key, value in parse(read_text(path) or "").items():
                if key in values and value != normal(values[key]):
                    warnings.append(f"after a reboot {path} sets {key} = {value} and wins")
    return warnings
