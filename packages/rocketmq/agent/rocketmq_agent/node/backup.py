"""Copies of what a store knows beside messages: topics, groups, offsets."""

import glob
import os
import shutil
import time
from typing import List

from ..system.files import make_folder, remove_tree
from .node import Node

# Copies kept of each node.
_KEEP = 5


def take(node: Node, store: str, label: str) -> str:
    """Copy the files of store/config; where to, or nothing where the store has none yet."""
    config = _config_of(store)
    files = sorted(glob.glob(os.path.join(config, "*.json")))
    if not files and not _databases(config):
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


def complete(store: str, target: str) -> None:
    """Copy what only a stopped broker lets be copied: RocksDB, where RocketMQ 5 uses it."""
    config = _config_of(store)
    for name in _databases(config):
        copy = os.path.join(target, name)
        remove_tree(copy)
        shutil.copytree(os.path.join(config, name), copy)


def _databases(config: str) -> List[str]:
    folders = sorted(glob.glob(os.path.join(config, "*", "")))
    return [os.path.basename(os.path.dirname(folder)) for folder in folders]


def _config_of(store: str) -> str:
    return os.path.join(store, "config")
