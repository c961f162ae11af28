"""A broker's identity: what may never change while its data is there."""

import os
from typing import Any, Dict

from ..errors import ExitCode, StepError
from ..system.files import make_folder, read_json, write_json
from .node import Node

# In the store's root: whose data it is. RocketMQ does not mind it.
MARK = ".rocketmq-agent.json"
# Paths of files, which RocketMQ writes by itself; every other one is of a folder.
_FILE_KEYS = ("storePathEpochFile", "storePathBrokerIdentity")
_STORE_KEYS = ("brokerClusterName", "brokerName", "brokerId")


def check(node: Node, identity: Dict[str, Any]) -> None:
    """Refuse a broker that is another one than was started here, or than wrote the store."""
    known = node.record.get("identity")
    if known is not None and known != identity:
        changes = [
            f"{key} {known.get(key)} -> {value}"
            for key, value in sorted(identity.items())
            if known.get(key) != value
        ]
        raise StepError(
            ExitCode.REFUSED,
            f"{node.name} would become another broker: {', '.join(changes)}",
            "Its messages would be lost to their consumers. Add a new broker group under another"
            " key, let the old one drain, then remove it; or set the value back.",
        )
    root = identity["storePathRootDir"]
    owner = read_json(os.path.join(root, MARK))
    if owner is not None:
        if any(owner.get(key) != identity[key] for key in _STORE_KEYS):
            raise StepError(
                ExitCode.REFUSED,
                f"the store {root} belongs to broker {owner.get('brokerName')}"
                f" (id {owner.get('brokerId')}) of cluster {owner.get('brokerClusterName')}",
                "Give this broker another storePathRootDir, or move that data away if it is not"
                " needed any more.",
            )
    elif known is None and _has_data(root):
        raise StepError(
            ExitCode.REFUSED,
            f"the store {root} holds data of a broker that was not set up by this agent",
            "Give this broker another storePathRootDir, or move that data away if it is not"
            " needed any more. To take over a broker with its data: start it as it was, and set"
            " adopt: true.",
        )
    elif known is not None and node.was_ready and identity["brokerId"] == 0:
        raise StepError(
            ExitCode.REFUSED,
            f"the store of {node.name} is not in {root}",
            "The master would start without its messages. Mount its disk, and run pulumi up again."
            " If it is lost: docs/alerts.md, RocketMQGroupWithoutMaster.",
        )


def owns(root: str, identity: Dict[str, Any]) -> bool:
    """Whether a store is known to be this broker's."""
    owner = read_json(os.path.join(root, MARK))
    return owner is not None and all(owner.get(key) == identity.get(key) for key in _STORE_KEYS)


def claim(node: Node, identity: Dict[str, Any], conf: Dict[str, str]) -> None:
    """Make the store's folders and note whose they are."""
    account = node.account()
    root = identity["storePathRootDir"]
    make_folder(root, 0o750, account.pw_uid, account.pw_gid)
    for key, value in conf.items():
        if not key.startswith("storePath") or not value.startswith("/"):
            continue
        # Several commit logs on several disks are separated by commas or colons.
        for path in value.replace(":", ",").split(","):
            folder = os.path.dirname(path) if key in _FILE_KEYS else path
            if not os.path.isdir(folder):
                make_folder(folder, 0o750, account.pw_uid, account.pw_gid)
    note(node, identity)


def note(node: Node, identity: Dict[str, Any]) -> None:
    """Note whose store it is."""
    path = os.path.join(identity["storePathRootDir"], MARK)
    write_json(path, {key: identity[key] for key in _STORE_KEYS})
    node.record["identity"] = identity
    node.save()


def has_messages(identity: Dict[str, Any], conf: Dict[str, str]) -> bool:
    """Whether there is a commit log in the store, or where the user has put it."""
    paths = conf.get("storePathCommitLog") or os.path.join(
        identity["storePathRootDir"], "commitlog"
    )
    return any(
        os.path.isdir(path) and os.listdir(path) for path in paths.replace(":", ",").split(",")
    )


def _has_data(root: str) -> bool:
    names = ("commitlog", "config", "consumequeue", "checkpoint")
    return any(os.path.exists(os.path.join(root, name)) for name in names)
