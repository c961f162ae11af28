"""What a step tells while it works: one line each on stderr."""

import contextlib
import sys


def say(text: str) -> None:
    """Print one line of progress.

    Never a reason to fail: whoever reads it may be gone. (What the locale cannot show, stderr
    prints as an escape.)
    """
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)
