"""A change of the name servers of a broker that runs.

From RocketMQ 4.9.4 on a running broker reads `namesrvAddr` again, every 120 s (seen on 5.5.0). When
it is registered with a name server that was added, it has the new list. Where none was added
nothing tells from outside that it has forgotten one, so its period is waited for.
"""

import os
import time
from typing import Callable, List

from .. import state
from ..progress import say
from ..system.files import read_json, unlink, write_json
from . import gate
from .logs import LogMark
from .node import Node

_PERIOD_SECONDS = 125
_PROGRESS_SECONDS = 25
# Its period, and a turn of its registration (30 s).
_LEARN_SECONDS = 180


def begin(node: Node, before: str, after: str) -> str:
    """Note that it is about to get another list; the last list that it is known to have read.

    A step that was cut off while it waited has left that one.
    """
    left = read_json(_path(node.name))
    if left is not None:
        return str(left["before"])
    if before != after:
        os.makedirs(state.path("learning"), mode=0o700, exist_ok=True)
        write_json(_path(node.name), {"before": before})
    return before


def end(node: str) -> None:
    """It has read its list, or has its old one again, or is gone."""
    unlink(_path(node))


def wait(
    node: Node,
    before: str,
    after: str,
    registration: Callable[[List[str]], Callable[[], str]],
    files: List[str],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until the running broker has read its new list.

    `registration` makes what tells which of some name servers do not know the broker.
    """
    old, new = _members(before), _members(after)
    added = [one for one in new if one not in old]
    if added:
        who = ", ".join(added)
        say(f"{node.name}: {who} will know it within 150 s, as RocketMQ reads its list")
        mark = LogMark(node.unit, node.logs, files)
        known = gate.Gate(registration(added), _LEARN_SECONDS)
        gate.wait(node, known, mark, "is not known to a new name server")
    elif set(old) - set(new):
        _forget(node, [one for one in old if one not in new], sleep)
    end(node.name)


def _forget(node: Node, gone: List[str], sleep: Callable[[float], None]) -> None:
    for waited in range(0, _PERIOD_SECONDS, _PROGRESS_SECONDS):
        left = _PERIOD_SECONDS - waited
        say(f"{node.name}: forgets {', '.join(gone)} within {left} s, as RocketMQ reads its list")
        sleep(_PROGRESS_SECONDS)


def _members(text: str) -> List[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _path(node: str) -> str:
    return state.path("learning", f"{node}.json")
