"""Running other programs."""

import os
import subprocess
from typing import Dict, List, NamedTuple, Optional


class Finished(NamedTuple):
    """A program that has ended: exit code and everything that it wrote."""

    code: int
    output: str


def run(
    arguments: List[str], timeout: float = 60, environment: Optional[Dict[str, str]] = None
) -> Finished:
    """Run a program without input; code 127 where it is missing, 124 after `timeout` seconds.

    Messages are asked for in English, since some of them are looked at.
    """
    try:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            env={**os.environ, "LC_ALL": "C", **(environment or {})},
            check=False,
        )
    except FileNotFoundError:
        return Finished(127, f"{arguments[0]}: not found")
    except subprocess.TimeoutExpired:
        return Finished(124, f"{' '.join(arguments)}: no end after {timeout:.0f} s")
    return Finished(done.returncode, done.stdout.decode("utf-8", "replace"))
