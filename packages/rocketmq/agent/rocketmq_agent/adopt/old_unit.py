"""The unit that an adopted node runs from, until a restart is due: stopped, left, taken up again.

All that must be known of it is in the node's record, so that it can be put back even where its own
file was written over by ours of the same name.
"""

import glob
import os
import shutil
from typing import Any, Dict, Iterable, List

from ..progress import say
from ..system import systemd
from ..system.commands import run
from ..system.files import make_folder, read_text, unlink, write_text

_FOLDER = "/run/systemd/system"
_DROP_IN = "50-rocketmq-agent.conf"

Record = Dict[str, Any]


def describe(unit: str) -> Record:
    """A unit as it is: its file, and what starts it at boot."""
    shown = run(["systemctl", "show", f"{unit}.service", "--property=FragmentPath"]).output
    path = shown.strip().partition("=")[2]
    links = sorted(
        link
        for pattern in ("wants", "requires")
        for link in glob.glob(os.path.join(systemd.FOLDER, f"*.{pattern}", f"{unit}.service"))
        if os.path.islink(link)
    )
    return {
        "unit": unit,
        "path": path,
        "text": read_text(path) or "" if path else "",
        "mode": os.stat(path).st_mode & 0o7777 if path and os.path.exists(path) else 0o644,
        "links": [[link, os.readlink(link)] for link in links],
    }


def stop(unit: str, timeout: int) -> None:
    """Stop it by a signal to its processes, and wait until they have ended.

    Not by the unit's own command: RocketMQ's mqshutdown returns before the process has ended, and
    ends every broker of the machine. Nor within systemd's usual 90 s, which a busy broker exceeds.
    """
    drop_in = _drop_in(unit)
    make_folder(os.path.dirname(drop_in), 0o755)
    lines = ["[Service]", "ExecStop=", "KillMode=control-group", "KillSignal=SIGTERM"]
    write_text(drop_in, "\n".join([*lines, "SendSIGKILL=yes", f"TimeoutStopSec={timeout}", ""]))
    systemd.reload()
    try:
        systemd.stop(unit, timeout)
    finally:
        as_it_was(unit)
        systemd.reload()


def as_it_was(unit: str) -> bool:
    """Take away what `stop` needed; whether there was anything."""
    return unlink(_drop_in(unit))


def _drop_in(unit: str) -> str:
    return os.path.join(_FOLDER, f"{unit}.service.d", _DROP_IN)


def leave(record: Record, ours: Iterable[str]) -> None:
    """Have a boot not start it any more. Links of the names of `ours` are ours by now."""
    names = {f"{name}.service" for name in ours if name}
    for link, _ in record["links"]:
        if os.path.basename(link) not in names:
            unlink(link)


def take_up(record: Record) -> None:
    """Have its file and what starts it at boot as they were."""
    if record["text"] and read_text(record["path"]) != record["text"]:
        write_text(record["path"], record["text"], record["mode"])
    for link, target in record["links"]:
        if not os.path.lexists(link):
            make_folder(os.path.dirname(link), 0o755)
            os.symlink(target, link)
    as_it_was(record["unit"])


def give(paths: List[str], uid: int, gid: int) -> None:
    """Have files and folders belong to a user, with all that is in them."""
    for path in paths:
        if not os.path.isdir(path):
            continue
        say(f"{path}: given to user {uid}")
        os.chown(path, uid, gid)
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.lchown(os.path.join(folder, name), uid, gid)


def give_back(paths: List[str], uid: int, gid: int) -> None:
    """The same, unless they are its already."""
    if paths and os.path.isdir(paths[0]) and os.stat(paths[0]).st_uid != uid:
        give(paths, uid, gid)


def keep_copy(source: str, target: str, uid: int, gid: int) -> None:
    """Copy a file that our process is to go on with, unless it has one."""
    if os.path.isfile(source) and not os.path.exists(target):
        shutil.copyfile(source, target)
        os.chown(target, uid, gid)
