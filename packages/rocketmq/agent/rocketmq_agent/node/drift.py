"""How a node on this host differs from the release that was applied to it.

Only what the program gives is compared: RocketMQ's own defaults, and settings that operators lay
over a unit (`systemctl edit`), are none of ours. Reads only.
"""

import os
from typing import Any, Dict, List, NamedTuple, Optional

from ..remoting.properties import same_value
from ..system import systemd
from ..system.files import read_text
from . import conf, release, unit
from .node import Node
from .release import Release
from .role import BROKER, NAMESRV, Role


class Drift(NamedTuple):
    """One difference."""

    what: str
    expected: str
    found: str


def boot_target(part_of: Optional[str]) -> str:
    """What starts a node's unit at boot."""
    return f"{part_of}.service" if part_of else "multi-user.target"


def unit_files(node: Node, running: Release, part_of: Optional[str]) -> List[Drift]:
    """Unit files, and whether a reboot would start the node."""
    assert running.number is not None
    found = _unit_file(node.unit, release.unit_text(node, running.number))
    if not systemd.is_enabled(node.unit, boot_target(part_of)):
        found.append(Drift(f"unit {node.unit} at boot", "enabled", "disabled"))
    if part_of:
        text = read_text(systemd.path_of(part_of)) or ""
        if not text.startswith(systemd.MARK):
            found.append(Drift(systemd.path_of(part_of), "there", "missing"))
        if not systemd.is_enabled(part_of, "multi-user.target"):
            found.append(Drift(f"unit {part_of} at boot", "enabled", "disabled"))
    return found


def _unit_file(name: str, expected: str) -> List[Drift]:
    path = systemd.path_of(name)
    if os.path.islink(path):
        return [Drift(path, "as it was written", f"a link to {os.readlink(path)}")]
    text = read_text(path)
    if text is None:
        return [Drift(path, "there", "missing")]
    wanted, there = expected.splitlines(), text.splitlines()
    gone = [line.strip() for line in wanted if line not in there]
    come = [line.strip() for line in there if line not in wanted]
    if text == expected:
        return []
    return [Drift(path, "; ".join(gone) or "no more lines", "; ".join(come) or "fewer lines")]


def old_conf_file(path: str, role: Role, live: Dict[str, str]) -> List[Drift]:
    """The file of an adopted node's old unit: keys that the next start reads otherwise."""
    text = read_text(path) if path else None
    if text is None:
        return [Drift(path, "there", "missing")] if path else []
    return [
        Drift(f"{role.conf} {key}", live[key], value)
        for key, value in sorted(parse(text).items())
        if key in live and not _same(value, live[key])
    ]


def process(node: Node, running: Release, pid: int) -> List[Drift]:
    """Whether the process runs this release with its options."""
    assert running.number is not None
    expected = unit.command_of(release.unit_text(node, running.number))
    found = systemd.command_line(pid)
    if found == expected or not found:
        return []
    if not any(part.startswith(os.path.join(node.releases, running.number)) for part in found):
        return [Drift("release of the running process", running.number, _release_in(node, found))]
    gone = [part for part in expected if part not in found]
    come = [part for part in found if part not in expected]
    return [
        Drift(
            "command line of the running process",
            " ".join(gone) or "no more arguments",
            " ".join(come) or "fewer arguments",
        )
    ]


def _release_in(node: Node, command: List[str]) -> str:
    folder = node.releases + os.sep
    numbers = [part[len(folder) :].split(os.sep)[0] for part in command if part.startswith(folder)]
    return numbers[0] if numbers else "none of ours"


def conf_file(node: Node, role: Role, running: Release, live: Dict[str, str]) -> List[Drift]:
    """The file that the next start reads. `live`: what runs has; nothing where nothing runs.

    The process writes every key that it knows to this file when one is changed online, in another
    spelling: further keys are right as long as they say what runs.
    """
    path = conf_path(node, role, running)
    text = read_text(path)
    if text is None:
        return [Drift(path, "there", "missing")]
    filed = parse(text)
    found = []
    for key, value in sorted(running.values.items()):
        now = filed.get(key)
        if now is None and (not live or key in live):
            found.append(Drift(f"{role.conf} {key}", value, "missing"))
        elif now is not None and not _same(now, value) and not _same(now, live.get(key)):
            found.append(Drift(f"{role.conf} {key}", value, now))
    for key, now in sorted(filed.items()):
        if live and key not in running.values and not _same(now, live.get(key)):
            found.append(Drift(f"{role.conf} {key}", live.get(key, "(unset)"), now))
    return found


def conf_path(node: Node, role: Role, running: Release) -> str:
    """The conf file of a release."""
    return os.path.join(node.releases, str(running.number), "conf", role.conf)


def parse(text: str) -> Dict[str, str]:
    """Keys and values of a conf file, values as they are written."""
    pairs = (
        line.partition("=")
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith(("#", "!"))
    )
    return {key.strip().replace("\\", ""): value.strip() for key, _, value in pairs}


def _same(written: str, value: Optional[str]) -> bool:
    if value is None:
        return False
    return same_value(written, value) or written == conf.escape(value).strip()


def edited(node: Node, running: Release) -> List[str]:
    """Keys that the file has otherwise than the release: what a start now would read.

    RocketMQ itself writes there what it made of a key.
    """
    own: Dict[str, str] = node.record.get("adjusted") or {}
    paths = [conf_path(node, role, running) for role in (NAMESRV, BROKER)]
    filed = parse("".join(read_text(path) or "" for path in paths))
    return [
        key
        for key, value in sorted(running.values.items())
        if key not in filed or not (_same(filed[key], value) or _same(filed[key], own.get(key)))
    ]


def adjusted(values: Dict[str, str], live: Dict[str, str]) -> Dict[str, str]:
    """What the process made of keys at its start (a slave of RocketMQ 5 takes 10 off one ratio)."""
    return {
        key: live[key]
        for key, value in values.items()
        if key in live and not same_value(live[key], value)
    }


def live_keys(
    values: Dict[str, str], live: Dict[str, str], own: Optional[Dict[str, Any]] = None
) -> List[Drift]:
    """Keys that the running process has otherwise; `own`: what it made of some itself.

    A key that it does not show is one that it does not know.
    """
    return [
        Drift(key, value, live[key])
        for key, value in sorted(values.items())
        if key in live
        and not same_value(live[key], value)
        and not same_value(live[key], str((own or {}).get(key, value)))
    ]
