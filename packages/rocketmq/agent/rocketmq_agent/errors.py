"""How a step fails: an exit code, what is wrong, and what to do about it."""

from enum import IntEnum
from typing import Sequence


class ExitCode(IntEnum):
    """Exit codes of the agent; the same as `ExitCode` in documents.ts."""

    OK = 0
    INTERNAL = 1
    BAD_DOCUMENT = 64
    PREFLIGHT_FAILED = 65
    REFUSED = 66
    UNPREPARED = 70
    PACKAGE_FAILED = 71
    GATE_FAILED = 72
    CONSUL_FAILED = 73
    NOT_DRAINED = 74
    LOCKED = 75


class StepError(Exception):
    """A failure that is the user's to mend: shown without a traceback.

    `message` says what is wrong, `remedy` what to do, `details` are lines that show why (a log's
    tail, each failed check).
    """

    def __init__(
        self, code: ExitCode, message: str, remedy: str = "", details: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.details = list(details)
