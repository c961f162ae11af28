"""A new master that acknowledges only what a slave has too: closed until its slaves are fed.

Config steps of master and slave have no order between them, and a slave is fed only some seconds
after it connected; whoever sends before is told SLAVE_NOT_AVAILABLE or FLUSH_SLAVE_TIMEOUT. So its
config step starts it closed for writes, and its rollout step, which comes after those of its
slaves, opens it. It is remembered with the node, so that the next update goes on where one was cut
off; its file closes no further start.
"""

from typing import Any, Dict

from .node import Node

# In the node's record.
_NEW = "opensWithSlaves"


def is_new(record: Dict[str, Any]) -> bool:
    """Whether a master, by its node's record, was started closed and not opened since."""
    return bool(record.get(_NEW))


def note(node: Node, waits: bool) -> None:
    """Before its first start: whether it is to be closed until its slaves are fed."""
    if waits:
        node.record[_NEW] = True
        node.save()
    else:
        forget(node)


def forget(node: Node) -> None:
    """From now on it is open, or closed for another reason."""
    if node.record.pop(_NEW, None):
        node.save()
