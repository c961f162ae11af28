"""What a step tells while it works: one line each on stderr."""

import sys


def say(text: str) -> None:
    """Print one line of progress.

    Written as UTF-8 whatever the locale says (SSH sessions often have none), and never a reason to
    fail: whoever reads it may be gone.
    """
    try:
        sys.stderr.buffer.write((text + "\n").encode("utf-8", "replace"))
        sys.stderr.buffer.flush()
    except OSError:
        pass
