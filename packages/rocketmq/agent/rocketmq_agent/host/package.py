"""The RocketMQ distribution: one folder a version, complete or not there."""

import os
from typing import Any, Dict, List, Tuple

from ..errors import ExitCode, StepError
from ..progress import say
from ..result import Result
from ..system.commands import run
from ..system.files import read_json, remove_tree, sync_folder, unlink, write_json
from .checksum import crc, of_file
from .checksum import parse as parse_checksum
from .download import fetch, fetch_text
from .unpack import unpack
from .versions import RECORD, folder_of

_NEEDED = ("lib", "conf", "bin")


def ensure(
    package: Dict[str, Any], deploy: str, home: str, result: Result, thorough: bool = False
) -> None:
    """Have the version installed from the given source; `thorough`: file by file."""
    version = package["version"]
    folder = folder_of(deploy, version)
    wanted = (package.get("sha512") or "").lower()
    record = read_json(os.path.join(folder, RECORD))
    harm = damage(folder, record) if record is not None and thorough else []
    same = record is not None and (not wanted or record.get("sha512") == wanted)
    if record is not None and same and not harm:
        result.facts["sha512"] = str(record.get("sha512"))
        return
    if harm:
        say(f"RocketMQ {version} is damaged, so it is installed again: {', '.join(harm)}")
    elif record is not None:
        say(f"RocketMQ {version} was installed from an archive with another SHA-512: again")
    versions = os.path.dirname(folder)
    os.makedirs(versions, exist_ok=True)
    archive, digest, own = _obtain(package, versions, home)
    if wanted and digest != wanted:
        _discard(archive, own)
        raise _mismatch(archive if not own else str(package["url"]), wanted, digest)
    say(f"unpacking RocketMQ {version}")
    _install(archive, folder, {"version": version, "sha512": digest})
    _discard(archive, own)
    result.facts["sha512"] = digest
    again = " (another archive)" if not same else " (repaired)"
    result.changed.append(f"RocketMQ {version}" + (again if record else ""))
    if record is not None and not same:
        result.warnings.append(
            f"RocketMQ {version} was replaced by an archive with another SHA-512;"
            " nodes that run it use the new files from their next restart on"
        )


def _obtain(package: Dict[str, Any], versions: str, home: str) -> Tuple[str, str, bool]:
    """The archive, its digest, and whether the file is ours to remove."""
    if package.get("file"):
        archive = os.path.join(home, package["file"])
        if not os.path.isfile(archive):
            raise StepError(
                ExitCode.PACKAGE_FAILED,
                f"the archive {archive} is not on the host",
                "It is pushed by a resource of its own: run pulumi up with"
                " --target-dependents on it, or check the file's path.",
            )
        say(f"checking {archive}")
        return archive, of_file(archive), False
    url = package.get("url")
    if not url:
        raise StepError(ExitCode.BAD_DOCUMENT, "the package has neither a url nor a file")
    published = "" if package.get("sha512") else _published(url)
    archive = os.path.join(versions, f".{package['version']}.download")
    say(f"downloading {url}")
    digest = fetch(url, archive)
    if published and digest != published:
        unlink(archive)
        raise _mismatch(url, published, digest)
    return archive, digest, True


def _published(url: str) -> str:
    text = fetch_text(f"{url}.sha512")
    digest = parse_checksum(text) if text is not None else None
    if digest is None:
        what = "is not there" if text is None else "holds no SHA-512"
        raise StepError(
            ExitCode.PACKAGE_FAILED,
            f"{url}.sha512 {what}, so the archive cannot be verified",
            "Publish the file beside the archive on your mirror, or give the digest in"
            " package.sha512.",
        )
    return digest


def _mismatch(source: str, wanted: str, digest: str) -> StepError:
    return StepError(
        ExitCode.PACKAGE_FAILED,
        f"{source} does not have the SHA-512 that it should have",
        "Compare with the digest on the download page of Apache RocketMQ. Either the archive is"
        " damaged or altered, or the digest belongs to another file. Nothing was installed.",
        [f"expected {wanted}", f"found    {digest}"],
    )


def damage(folder: str, record: Dict[str, Any]) -> List[str]:
    """What became of files of an installed version, one phrase each.

    Nothing is known of versions that were installed before the files were noted.
    """
    files: Dict[str, int] = record.get("files") or {}
    found = []
    for path, checksum in sorted(files.items()):
        now = crc(os.path.join(folder, path))
        if now != checksum:
            found.append(f"{path} is {'missing' if now is None else 'altered'}")
    return found


def _install(archive: str, folder: str, record: Dict[str, Any]) -> None:
    """Unpack beside, then rename: the version is complete or not there."""
    fresh, old = f"{folder}.new", f"{folder}.old"
    remove_tree(fresh)
    os.mkdir(fresh, 0o755)
    try:
        record["files"] = unpack(archive, fresh)
        for name in _NEEDED:
            if not os.path.isdir(os.path.join(fresh, name)):
                raise StepError(
                    ExitCode.PACKAGE_FAILED,
                    f"{archive} is no RocketMQ distribution: it has no {name} folder",
                    "Use the binary release (rocketmq-all-VERSION-bin-release.zip).",
                )
    except OSError as error:
        remove_tree(fresh)
        raise StepError(
            ExitCode.PACKAGE_FAILED, f"{archive} could not be unpacked to {fresh}: {error}"
        ) from error
    except StepError:
        remove_tree(fresh)
        raise
    write_json(os.path.join(fresh, RECORD), record)
    # A power loss must not leave an installed version with empty files.
    run(["sync", "-f", fresh], timeout=300)
    remove_tree(old)
    if os.path.lexists(folder):
        os.rename(folder, old)
    os.rename(fresh, folder)
    sync_folder(os.path.dirname(folder))
    remove_tree(old)


def _discard(archive: str, own: bool) -> None:
    if own:
        unlink(archive)
