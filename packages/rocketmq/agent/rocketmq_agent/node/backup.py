"""Copies of what a store knows beside messages: topics, groups, offsets."""

import glob
import os
import shutil
import time

from ..system.files import make_folder, remove_tree
from .node import Node

# Copies kept of each node.
_KEEP = 5


def take(node: Node, store: str, label: str) -> str:
    """Copy store/config; where to, or nothing where the store has none yet."""
    files = sorted(glob.glob(os.path.join(store, "config", "*.json")))
    if not files:
        return ""
    folder = os.path.join(node.folder, "backups")
    make_folder(folder, 0o750)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    target = os.path.join(folder, f"{stamp}-release-{label}")
    os.makedirs(target, exist_ok=True)
    for path in files:
        shutil.copy2(path, target)
    for name in sorted(os.listdir(folder))[:-_KEEP]:
        remove_tree(os.path.join(folder, name))
    return target
