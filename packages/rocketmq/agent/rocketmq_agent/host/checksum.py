"""SHA-512 digests as Apache publishes them, and the checksums that zip archives have."""

import hashlib
import re
import zlib
from typing import Optional

_BLOCK = 1 << 20


def parse(text: str) -> Optional[str]:
    """The digest in a `.sha512` file, in lower case.

    Apache has two forms: `sha512sum`'s (digest, file name), and gpg's (`file: ABCD 1234 ...`, in
    groups over several lines).
    """
    match = re.search(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{128}(?![0-9A-Fa-f])", text)
    if match:
        return match.group(0).lower()
    # The name before the colon may itself hold hex digits, as may one after the digest.
    joined = "".join(re.split(r":\s", text, maxsplit=1)[-1].split())
    return joined.lower() if re.fullmatch(r"[0-9A-Fa-f]{128}", joined) else None


def of_file(path: str) -> str:
    """The digest of a file."""
    digest = hashlib.sha512()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(_BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def crc(path: str) -> Optional[int]:
    """The CRC-32 of a file; None where there is none."""
    value = 0
    try:
        with open(path, "rb") as file:
            for block in iter(lambda: file.read(_BLOCK), b""):
                value = zlib.crc32(block, value)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return value
