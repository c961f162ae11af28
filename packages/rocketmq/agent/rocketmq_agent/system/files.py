"""Files that are either as they were or as they should be, also after a power loss."""

import json
import os
import shutil
from typing import Any, Dict, Optional, Tuple, cast


def read_text(path: str) -> Optional[str]:
    """The content of a text file; None where there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_json(path: str) -> Optional[Dict[str, Any]]:
    """The object in a JSON file; None where there is none, or none that can be read."""
    text = read_text(path)
    try:
        return cast(Dict[str, Any], json.loads(text)) if text else None
    except ValueError:
        return None


def write_text(path: str, text: str, mode: int = 0o644) -> bool:
    """Make a file have this content and mode; whether it did not before."""
    if read_text(path) == text:
        os.chmod(path, mode)
        return False
    _replace(path, text, mode)
    return True


def rewrite(path: str, text: str) -> None:
    """Give a file that is somebody else's another content: owner and mode stay."""
    path = os.path.realpath(path)
    before = os.stat(path)
    _replace(path, text, before.st_mode & 0o7777, (before.st_uid, before.st_gid))


def _replace(path: str, text: str, mode: int, owner: Optional[Tuple[int, int]] = None) -> None:
    temporary = f"{path}.agent-new"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if owner is not None:
            os.fchown(file.fileno(), *owner)
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)
    sync_folder(os.path.dirname(path))


def write_json(path: str, value: Any, mode: int = 0o644) -> bool:
    """Write JSON for people and programs."""
    return write_text(path, json.dumps(value, indent=2, sort_keys=True) + "\n", mode)


def link(target: str, path: str) -> bool:
    """Make a symbolic link point at `target`, at one stroke; whether it did not before."""
    if os.path.islink(path) and os.readlink(path) == target:
        return False
    temporary = f"{path}.agent-new"
    if os.path.lexists(temporary):
        os.unlink(temporary)
    os.symlink(target, temporary)
    os.rename(temporary, path)
    sync_folder(os.path.dirname(path))
    return True


def unlink(path: str) -> bool:
    """Remove a file or link; whether there was one."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def remove_tree(path: str) -> bool:
    """Remove a folder and all in it; whether there was one."""
    if not os.path.lexists(path):
        return False
    shutil.rmtree(path)
    return True


def empty_folder(path: str) -> bool:
    """Remove all that is in a folder; whether there was anything."""
    names = os.listdir(path) if os.path.isdir(path) else []
    for name in names:
        member = os.path.join(path, name)
        if os.path.isdir(member) and not os.path.islink(member):
            # The mount point of another disk cannot go, only what is on it.
            empty_folder(member)
            remove_if_empty(member)
        else:
            unlink(member)
    return bool(names)


def remove_if_empty(path: str) -> bool:
    """Remove a folder without content."""
    try:
        os.rmdir(path)
    except OSError:
        return False
    return True


def make_folder(path: str, mode: int, uid: int = 0, gid: int = 0) -> bool:
    """Make a folder (its parents too, as root's) with this mode and owner; whether it was not."""
    made = not os.path.isdir(path)
    if made:
        os.makedirs(path)
    found = os.stat(path)
    if (found.st_mode & 0o7777) != mode:
        os.chmod(path, mode)
    if (found.st_uid, found.st_gid) != (uid, gid):
        os.chown(path, uid, gid)
    return made


def sync_folder(path: str) -> None:
    """Have a rename in this folder reach the disk."""
    descriptor = os.open(path or ".", os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
