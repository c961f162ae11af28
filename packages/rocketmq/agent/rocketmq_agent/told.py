"""What Pulumi was told of a node's rollout: the document of the last one that was heard to be done.

Where the engine is killed during a rollout, the host ends it alone, and Pulumi's state keeps the
document of the one before. A change that is taken back then is no change to Pulumi: no rollout
would take it back on the host. The config step knows by this, and says so.
"""

import contextlib
import os
from typing import Any, Dict, Optional

from . import state
from .system.files import read_json, unlink, write_json


def note(document: Dict[str, Any]) -> None:
    """Remember the document of a rollout, once its caller has its result.

    Never a reason to fail: where this does not work nothing is known.
    """
    path = _path(document["node"])
    with contextlib.suppress(OSError):
        # What was told before is so no more, whatever becomes of the new file.
        unlink(path)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        write_json(path, document, mode=0o600)


def known(node: str) -> Optional[Dict[str, Any]]:
    """That document; nothing where there is none, or none that can be read."""
    with contextlib.suppress(OSError):
        found: Any = read_json(_path(node))
        return found if isinstance(found, dict) else None
    return None


def forget(node: str) -> None:
    """Remember nothing of a node that is removed."""
    unlink(_path(node))


def _path(node: str) -> str:
    return state.path("told", f"{node}.json")
