"""Fetching a file over HTTP: resumed after an interruption, hashed on the way."""

import hashlib
import http.client
import os
import socket
import time
import urllib.error
import urllib.request
from typing import Any, Optional
from urllib.parse import urlsplit

from ..errors import ExitCode, StepError
from ..progress import say

_BLOCK = 1 << 18
_TIMEOUT = 30
_ATTEMPTS = 4
_PROGRESS_SECONDS = 10


def fetch_text(url: str) -> Optional[str]:
    """A small text; None where the server has none (404)."""
    try:
        with _open(url, 0) as answer:
            return bytes(answer.read(1 << 16)).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            return None
        raise _refused(url, error) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url, error) from error


def fetch(url: str, path: str) -> str:
    """Download to `path`, going on with what is there of an earlier attempt; the SHA-512."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _attempt(url, path)
        except urllib.error.HTTPError as error:
            if error.code == 416 and os.path.exists(path):
                # What is there is no beginning of what the server has now.
                os.unlink(path)
            elif error.code < 500 or attempt == _ATTEMPTS:
                raise _refused(url, error) from error
        except (OSError, http.client.HTTPException) as error:
            if attempt == _ATTEMPTS:
                raise _unreachable(url, error) from error
            say(f"{url}: {_reason(error)}; trying again")
        time.sleep(attempt)
    raise AssertionError("not reached")


def _open(url: str, offset: int) -> Any:
    headers = {"User-Agent": "rocketmq-agent"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=_TIMEOUT)


def _attempt(url: str, path: str) -> str:
    digest = hashlib.sha512()
    offset = 0
    with open(path, "ab") as file:
        with open(path, "rb") as earlier:
            for block in iter(lambda: earlier.read(_BLOCK), b""):
                digest.update(block)
                offset += len(block)
        with _open(url, offset) as answer:
            if offset and answer.status != 206:
                # The server starts over, so we do.
                file.truncate(0)
                digest, offset = hashlib.sha512(), 0
            length = answer.headers.get("Content-Length")
            total = offset + int(length) if length else None
            told = time.monotonic()
            for block in iter(lambda: answer.read(_BLOCK), b""):
                file.write(block)
                digest.update(block)
                offset += len(block)
                if time.monotonic() - told > _PROGRESS_SECONDS:
                    say(f"downloaded {offset >> 20} MiB" + (f" of {total >> 20}" if total else ""))
                    told = time.monotonic()
    if total is not None and offset < total:
        raise http.client.IncompleteRead(b"", total - offset)
    return digest.hexdigest()


def _refused(url: str, error: urllib.error.HTTPError) -> StepError:
    remedy = "Check the URL with curl on this machine."
    if error.code == 404:
        remedy = (
            "Check the version and the URL (Apache keeps every release at"
            " archive.apache.org/dist/rocketmq/), or name a mirror (package.mirror)."
        )
    return StepError(
        ExitCode.PACKAGE_FAILED, f"{url}: the server answered {error.code} {error.reason}", remedy
    )


def _unreachable(url: str, error: Exception) -> StepError:
    server = urlsplit(url).netloc
    return StepError(
        ExitCode.PACKAGE_FAILED,
        f"{url} could not be downloaded: {_reason(error)}",
        f"Let this machine reach {server} (DNS, firewall, proxy), or name a mirror that it reaches"
        " (package.mirror), or have the archive pushed over SSH (package.file).",
    )


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, http.client.IncompleteRead):
        return f"the connection ended early ({cause.expected} bytes were missing)"
    if isinstance(cause, socket.timeout):
        return f"no answer for {_TIMEOUT} s"
    return str(cause) or type(cause).__name__
