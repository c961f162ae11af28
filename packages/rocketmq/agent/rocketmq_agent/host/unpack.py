"""Unpacking a distribution: fast, and never outside its folder."""

import os
import shutil
import stat
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, Optional

from ..errors import ExitCode, StepError

_BLOCK = 1 << 20
# Inflating runs outside Python's lock, so threads help; more than four only wait for the disk.
_THREADS = min(4, os.cpu_count() or 1)


def unpack(archive: str, folder: str) -> Dict[str, int]:
    """Unpack a zip file into a new folder, without the first component of its paths.

    Returns the CRC-32 of every file, which a zip has anyway.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = plan(opened.infolist())
        for parent in sorted({os.path.dirname(path) for path in members}):
            os.makedirs(os.path.join(folder, parent), exist_ok=True)
        shares = share(members, _THREADS)
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(lambda part: _extract(archive, folder, part), shares))
        return {path: entry.CRC for path, entry in members.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise StepError(
            ExitCode.PACKAGE_FAILED,
            f"{archive} is not a zip file that can be unpacked: {error}",
            "Use the binary release (rocketmq-all-VERSION-bin-release.zip), and give its SHA-512"
            " to have a damaged download noticed.",
        ) from error


def plan(entries: List[zipfile.ZipInfo]) -> Dict[str, zipfile.ZipInfo]:
    """Which file goes where, below the folder."""
    members: Dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        path = stripped(entry.filename)
        if path and not entry.filename.endswith("/"):
            members[path] = entry
    return members


def stripped(name: str) -> Optional[str]:
    """A member's path without its first component; refused where it leaves the folder."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if name.startswith(("/", "\\")) or ".." in parts or (parts and parts[0].endswith(":")):
        raise StepError(
            ExitCode.PACKAGE_FAILED,
            f"the archive holds {name!r}, which would be written outside its folder",
            "This is no archive of Apache RocketMQ: check where it comes from.",
        )
    return "/".join(parts[1:]) or None


def share(members: Dict[str, zipfile.ZipInfo], count: int) -> List[Dict[str, zipfile.ZipInfo]]:
    """Split the work evenly: the largest first, each to whoever has least."""
    shares: List[Dict[str, zipfile.ZipInfo]] = [{} for _ in range(count)]
    sizes = [0] * count
    for path, entry in sorted(members.items(), key=lambda item: -item[1].file_size):
        least = sizes.index(min(sizes))
        shares[least][path] = entry
        sizes[least] += entry.file_size
    return shares


def _extract(archive: str, folder: str, members: Dict[str, zipfile.ZipInfo]) -> None:
    with zipfile.ZipFile(archive) as opened:
        for path, entry in members.items():
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                raise StepError(
                    ExitCode.PACKAGE_FAILED, f"the archive holds a link ({entry.filename})"
                )
            target = os.path.join(folder, path)
            with opened.open(entry) as source, open(target, "wb") as file:
                shutil.copyfileobj(source, file, _BLOCK)
            # Whoever packed it, only root may change it, and what could be run still can.
            os.chmod(target, 0o755 if mode & 0o111 else 0o644)
