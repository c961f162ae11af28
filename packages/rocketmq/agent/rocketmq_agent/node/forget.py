"""A name server that is taken out: brokers forget it before it stops.

From RocketMQ 4.9.4 on a running broker reads `namesrvAddr` again, every 120 s (seen on 5.5.0). When
it is registered with a name server that was added in the same change, it has the new list, so the
gate's wait for that will do. Where none was added nothing tells from outside that it has forgotten
one, so its period is waited for. All brokers of an update wait at the same time.
"""

import time
from typing import Callable, List

from ..progress import say
from .node import Node

_PERIOD_SECONDS = 125
_PROGRESS_SECONDS = 25


def removed_only(before: str, after: str) -> List[str]:
    """Name servers that a change takes out, if it adds none."""
    old, new = _members(before), _members(after)
    added = [one for one in new if one not in old]
    return [] if added else [one for one in old if one not in new]


def wait(node: Node, before: str, after: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait until the running broker has dropped what its `namesrvAddr` does not name any more."""
    gone = removed_only(before, after)
    for waited in range(0, _PERIOD_SECONDS if gone else 0, _PROGRESS_SECONDS):
        left = _PERIOD_SECONDS - waited
        say(f"{node.name}: forgets {', '.join(gone)} within {left} s, as RocketMQ reads its list")
        sleep(_PROGRESS_SECONDS)


def _members(text: str) -> List[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
