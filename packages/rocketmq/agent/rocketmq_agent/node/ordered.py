"""Producers of ordered topics are led away from a broker before it is closed for writes.

A closed broker takes what is sent to it by an old route, but for ordered topics: those it refuses
at once (SendMessageProcessor, msgCheck), and a client does not retry where the producer chose the
queue. So the name servers take the write permission away first, of which the broker knows nothing.

They show what a broker registers only if it came anew or its topics have changed since (their data
version), so this holds; a topic that the broker makes meanwhile undoes it, so it is said again now
and then. Each writing of brokerPermission counts as a change: opening a broker undoes it everywhere
(`open_anew`). ADD_WRITE_PERM_OF_BROKER would not do, as it gives topics that are read-only the
permission too.

Name servers with orderMessageEnable=true hand out their note of the order beside the route, and
producers then heed nothing else (remoting/order.py).
"""

from typing import Callable, Sequence

from ..remoting.admin import topic_configs, wipe_write_permission

_AGAIN_SECONDS = 5.0


def has_any(broker: str) -> bool:
    """Whether a broker has ordered topics."""
    return any(config.get("order") for config in topic_configs(broker).values())


def lead_away(namesrvs: Sequence[str], group: str) -> None:
    """Have these name servers show a group as closed, though its master is not."""
    for namesrv in namesrvs:
        wipe_write_permission(namesrv, group)


def wait(
    namesrvs: Sequence[str], group: str, seconds: float, sleep: Callable[[float], None]
) -> None:
    """Give producers the time to read that."""
    left = seconds
    while left > 0:
        pause = min(left, _AGAIN_SECONDS)
        sleep(pause)
        left -= pause
        lead_away(namesrvs, group)
