"""Why a node does not start: the lines that it wrote since it was started."""

import os
import re
import time
from typing import Dict, List

from ..system import systemd

_TELLING = re.compile(
    r"ERROR|Exception|Error|Caused by|Unrecognized|Conflicting|Invalid|Could not|not enough|refused"
)
_WARNING = re.compile(r"WARN")
# Stack frames, logback's talk about its own configuration, and what a sound start warns of.
_NOISE = re.compile(r"^\s+at |^\s*\.\.\. \d+ more|\|-(INFO|WARN) |No resource file|Load default")
_JOURNAL_LINES = 12
_FILE_LINES = 6


class LogMark:
    """Where the logs of a node ended at some moment."""

    def __init__(self, unit: str, folder: str, files: List[str]) -> None:
        self._unit = unit
        self._since = time.time()
        paths = [os.path.join(folder, name) for name in files]
        self._ends: Dict[str, int] = {path: _size(path) for path in paths}

    def tail(self) -> List[str]:
        """What was written since and tells something, the process's own output first."""
        lines = [
            f"{self._unit}: {line}"
            for line in _telling(systemd.journal(self._unit, 40, self._since), _JOURNAL_LINES)
        ]
        for path, end in self._ends.items():
            name = os.path.basename(path)
            lines += [f"{name}: {line}" for line in _telling(_since(path, end), _FILE_LINES)]
        return lines

    def grew(self) -> bool:
        """Whether any log has grown since."""
        return any(_size(path) > end for path, end in self._ends.items())


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def _since(path: str, end: int) -> List[str]:
    try:
        with open(path, "rb") as file:
            # A log that was rotated meanwhile is shorter.
            file.seek(end if _size(path) >= end else 0)
            return file.read(1 << 20).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _telling(lines: List[str], count: int) -> List[str]:
    """The last lines that look like a reason; warnings, or just any, where none does."""
    plain = [line.rstrip()[:400] for line in lines if line.strip() and not _NOISE.match(line)]
    telling = [line for line in plain if _TELLING.search(line)]
    warnings = [line for line in plain if _WARNING.search(line)]
    return (telling or warnings or plain)[-count:]
