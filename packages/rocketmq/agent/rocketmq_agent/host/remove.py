"""The `host-delete` step: leave nothing but data."""

import os
import pwd
from typing import List

from .. import state
from ..result import Result
from ..steps import Context, Document
from ..system.files import remove_if_empty, remove_tree, unlink
from . import kernel_files, sysctl, user


def delete(document: Document, context: Context) -> Result:
    """Undo the `host` step, unless a node is left on the machine."""
    result = Result()
    paths = document["paths"]
    left = nodes(paths["deploy"])
    if left:
        result.warnings.append(f"the host keeps its set-up: there still are {', '.join(left)}")
        return result
    host = state.read_host()
    sysctl.restore(host, result)
    kernel_files.restore(host, result)
    for folder in ("versions", "nodes"):
        if remove_tree(os.path.join(paths["deploy"], folder)):
            result.changed.append(f"{paths['deploy']}/{folder} removed")
    remove_if_empty(paths["deploy"])
    remove_if_empty(paths["data"])
    _remove_user(document["user"], paths["data"], host.get("createdUser", ""), result)
    if context.home and unlink(os.path.join(context.home, ".rocketmq-agent")):
        result.changed.append("agent removed")
    _remove_state()
    return result


def nodes(deploy: str) -> List[str]:
    """The nodes that are on this machine."""
    folder = os.path.join(deploy, "nodes")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def _remove_user(name: str, data: str, created: str, result: Result) -> None:
    """The user goes only if we made it and owns nothing any more."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return
    if created == name and not os.path.exists(data) and user.remove(name):
        result.changed.append(f"user {name} removed")


def _remove_state() -> None:
    """All but the step that runs: its outcome is still to be read.

    Unlinking the lock is safe while we hold it: a step that waits for the old file finds a host
    without nodes, and makes everything anew.
    """
    for name in os.listdir(state.ROOT):
        path = state.path(name)
        if name == "steps":
            continue
        if os.path.isdir(path):
            remove_tree(path)
        else:
            unlink(path)
