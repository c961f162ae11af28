"""Releases of a node: everything that a start depends on, each in a folder of its own.

    releases/7/release.json      the document, and what was computed for it on this host
    releases/7/conf/broker.conf  owned by the user: the broker itself rewrites it for hot keys
    releases/7/mqbroker@x.service

`current` points at the release that a start or a reboot runs, `staged` at the one that the next
rollout switches to.
"""

import os
from typing import Any, Dict, Iterable, List, NamedTuple, Optional

from ..errors import ExitCode, StepError
from ..host import java
from ..host.versions import RECORD, folder_of
from ..system.files import (
    link,
    make_folder,
    read_json,
    read_text,
    remove_tree,
    unlink,
    write_json,
    write_text,
)
from . import closing, conf, jvm, pins, unit
from .node import Node
from .role import Role

# Releases kept beside `current`, `staged` and the last good one.
_KEEP = 5


class Release:
    """What a node runs or shall run: a ReleaseDocument, resolved for this host."""

    def __init__(
        self, document: Dict[str, Any], hot: Iterable[str], resolved: Dict[str, Any]
    ) -> None:
        self.document = document
        # Keys of the conf that are changed without a restart.
        self.hot: List[str] = sorted(hot)
        # javaHome, javaMajor, heapMb, directMb, user.
        self.resolved = resolved
        # Its folder's name; none before it was written.
        self.number: Optional[str] = None

    @property
    def version(self) -> str:
        """The RocketMQ version."""
        return str(self.document["version"])

    @property
    def values(self) -> Dict[str, str]:
        """Keys and values of its conf."""
        return dict(self.document["conf"])

    @property
    def is_secret(self) -> bool:
        """Whether one of its values is a secret: progress and results go to logs and the state."""
        return bool(self.document.get("secret"))

    def conf_without(self, keys: Iterable[str]) -> Dict[str, str]:
        """Its conf but for some keys."""
        left_out = set(keys)
        return {key: value for key, value in self.values.items() if key not in left_out}


def resolve(node: Node, document: Dict[str, Any], hot: Iterable[str]) -> Release:
    """Compute what depends on the host: Java, and memory sizes (pinned in the node's record)."""
    running = current(node)
    pinned = str(running.resolved["javaHome"]) if running else ""
    found = java.required(document["java"], pinned)
    sizes: pins.Pins = node.record.setdefault("pins", {})
    resolved: Dict[str, Any] = {
        "javaHome": found.home,
        "javaMajor": found.major,
        "heapMb": pins.resolve("heap", document["jvm"]["heap"], sizes),
        "user": node.user,
    }
    direct = pins.resolve("direct", document["jvm"].get("direct"), sizes)
    if direct is not None:
        resolved["directMb"] = direct
    home = folder_of(node.paths["deploy"], document["version"])
    if not os.path.exists(os.path.join(home, RECORD)):
        raise StepError(
            ExitCode.PACKAGE_FAILED,
            f"RocketMQ {document['version']} is not installed on the host ({home})",
            "The host step installs it: run that first (pulumi up without --target).",
        )
    return Release(document, hot, resolved)


class Change(NamedTuple):
    """One thing in which two releases differ."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what} {self.before} -> {self.after}" if self.before else self.what


def differences(one: Release, other: Release, hot: Iterable[str]) -> List[str]:
    """What differs and needs a restart, one phrase each."""
    hidden = one.is_secret or other.is_secret
    return [change.what if hidden else str(change) for change in compare(one, other, hot)]


def compare(one: Release, other: Release, hot: Iterable[str]) -> List[Change]:
    """What differs and needs a restart. Keys in `hot` do not.

    Compared is what was asked for and computed, never rendered text: a newer agent may render the
    same release otherwise, which is no reason to restart anything.
    """
    ignored = set(hot)
    before, after = one.conf_without(ignored), other.conf_without(ignored)
    found = [
        Change(key, before.get(key, "(unset)"), after.get(key, "(unset)"))
        for key in sorted(set(before) | set(after))
        if before.get(key) != after.get(key)
    ]
    found += _option_differences(_options(one), _options(other))
    old, new = _start_values(one), _start_values(other)
    return found + [
        Change(key, str(old.get(key)), str(new.get(key)))
        for key in sorted(set(old) | set(new))
        if key not in ignored and old.get(key) != new.get(key)
    ]


def _start_values(release: Release) -> Dict[str, Any]:
    document, resolved = release.document, release.resolved
    settings = document["unit"]
    return {
        "version": release.version,
        "nofile": settings["nofile"],
        "stopTimeout": settings["stopTimeout"],
        "logback": document.get("logback"),
        "javaHome": resolved["javaHome"],
        "user": resolved["user"],
    }


def _options(release: Release) -> List[str]:
    resolved = release.resolved
    return jvm.options(
        release.document["jvm"],
        resolved["javaMajor"],
        resolved["heapMb"],
        resolved.get("directMb"),
        "",
    )


def _option_differences(one: List[str], other: List[str]) -> List[Change]:
    """Options that came and went; their order where that is all that changed (it matters)."""
    if one == other:
        return []
    gone = [option for option in one if option not in other]
    come = [option for option in other if option not in one]
    if not gone and not come:
        return [Change("order of the JVM options", "", "")]
    return [Change("JVM", " ".join(gone) or "(nothing)", " ".join(come) or "(nothing)")]


def render_unit(node: Node, role: Role, release: Release, folder: str) -> str:
    """The unit file that starts a release in this folder."""
    document, resolved = release.document, release.resolved
    home = folder_of(node.paths["deploy"], release.version)
    options = jvm.options(
        document["jvm"],
        resolved["javaMajor"],
        resolved["heapMb"],
        resolved.get("directMb"),
        node.gc_logs,
    )
    properties = [f"-Duser.home={node.data}", f"-Drocketmq.home.dir={home}"]
    if document.get("logback"):
        properties.append(f"-Drmq.logback.configurationFile={home}/conf/{document['logback']}")
    command = [
        f"{resolved['javaHome']}/bin/java",
        *properties,
        *options,
        "-cp",
        f"{home}/conf:{home}/lib/*",
        role.main,
        "-c",
        os.path.join(folder, "conf", role.conf),
    ]
    return unit.render(
        unit.Service(
            description=f"Apache RocketMQ {role.title} {node.name} of cluster {node.cluster}",
            command=command,
            environment={"ROCKETMQ_HOME": home, "JAVA_HOME": resolved["javaHome"]},
            user=resolved["user"],
            folder=node.data,
            nofile=document["unit"]["nofile"],
            stop_timeout=document["unit"]["stopTimeout"],
            part_of=role.part_of,
        )
    )


def write(node: Node, role: Role, release: Release) -> str:
    """Write a release into a new folder; its number."""
    number = next_number(node)
    folder = os.path.join(node.releases, number)
    temporary = f"{folder}.new"
    remove_tree(temporary)
    make_folder(temporary, 0o755)
    account = node.account()
    make_folder(os.path.join(temporary, "conf"), 0o750, account.pw_uid, account.pw_gid)
    write_conf(node, role, release, temporary)
    write_text(
        os.path.join(temporary, f"{node.own_unit}.service"),
        render_unit(node, role, release, folder),
    )
    _write_record(temporary, release)
    os.rename(temporary, folder)
    release.number = number
    return number


def next_number(node: Node) -> str:
    """The number of the next release: one more than any that is there."""
    return str(max([0, *(int(name) for name in _numbers(node))]) + 1)


def write_conf(node: Node, role: Role, release: Release, folder: str) -> None:
    """Render the conf file of a release afresh."""
    account = node.account()
    path = os.path.join(folder, "conf", role.conf)
    owner = f"{role.title} {node.name} of cluster {node.cluster}"
    write_text(path, conf.render({**release.values, **closing.keys(node)}, owner), mode=0o640)
    os.chown(path, account.pw_uid, account.pw_gid)


def update_record(node: Node, release: Release) -> None:
    """Keep changed hot keys in the record of a release that is there."""
    assert release.number is not None
    _write_record(os.path.join(node.releases, release.number), release)


def _write_record(folder: str, release: Release) -> None:
    write_json(
        os.path.join(folder, "release.json"),
        {"document": release.document, "hot": release.hot, "resolved": release.resolved},
        # What a user sets may be a password.
        mode=0o600,
    )


def load(node: Node, number: str) -> Optional[Release]:
    """A release by its number."""
    record = read_json(os.path.join(node.releases, number, "release.json"))
    if record is None:
        return None
    release = Release(record["document"], record["hot"], record["resolved"])
    release.number = number
    return release


def current(node: Node) -> Optional[Release]:
    """The release that a start would run."""
    return _linked(node, "current")


def staged(node: Node) -> Optional[Release]:
    """The release that the next rollout switches to."""
    return _linked(node, "staged")


def _linked(node: Node, name: str) -> Optional[Release]:
    path = os.path.join(node.folder, name)
    return load(node, os.path.basename(os.readlink(path))) if os.path.islink(path) else None


def stage(node: Node, number: str) -> None:
    """Have the next rollout switch to a release."""
    link(os.path.join("releases", number), os.path.join(node.folder, "staged"))


def unstage(node: Node) -> bool:
    """Have nothing staged; whether something was."""
    return unlink(os.path.join(node.folder, "staged"))


def point_current(node: Node, number: str) -> None:
    """Make a release the current one (its unit is put in place by the caller)."""
    link(os.path.join("releases", number), os.path.join(node.folder, "current"))


def is_whole(node: Node, release: Release) -> bool:
    """Whether a release has its unit file."""
    folder = os.path.join(node.releases, str(release.number))
    return os.path.isfile(os.path.join(folder, f"{node.own_unit}.service"))


def unit_text(node: Node, number: str) -> str:
    """The unit file of a release."""
    text = read_text(os.path.join(node.releases, number, f"{node.own_unit}.service"))
    assert text is not None, f"release {number} of {node.name} has no unit file"
    return text


def prune(node: Node) -> None:
    """Remove releases that nothing can go back to any more."""
    linked = [release.number for release in (current(node), staged(node)) if release]
    kept = set(linked) | {str(node.record.get("good"))}
    old = [number for number in _numbers(node) if number not in kept]
    for number in sorted(old, key=int)[:-_KEEP]:
        remove_tree(os.path.join(node.releases, number))


def _numbers(node: Node) -> List[str]:
    names = os.listdir(node.releases) if os.path.isdir(node.releases) else []
    return [name for name in names if name.isdigit()]
