"""A group that is taken out of the cluster: closed for writes until it is not taken out any more.

Unlike the drain of a restart this outlives its step, so it is remembered with the node: whatever
else opens a broker, or renders its file, asks here.
"""

import contextlib
import time
from typing import Any, Callable, Dict, Iterator, List, Optional

from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import get_broker_config, leave_order, order_configs, settled
from ..remoting.broker import Perm
from ..remoting.errors import RemotingError
from ..remoting.permission import KEY, open_anew, set_open, writable
from ..result import Result
from ..steps import Document
from . import lease, ordered
from .node import Node

# In the node's record: since when it is closed, in seconds since 1970, and how many seconds clients
# have to notice it.
_SINCE, _SECONDS = "closedSince", "closedSeconds"
# As the program has it unless told (timeouts.drain).
_DEFAULT_SECONDS = 30.0

# A broker registers at once when its permission changes, else every 30 s.
_TICK_SECONDS = 45.0
_POLL_SECONDS = 0.25
_CLOSED = str(Perm.READ)


def since(record: Dict[str, Any]) -> Optional[float]:
    """When a node, by its record, was closed for good; nothing if it is not."""
    found = record.get(_SINCE)
    return float(found) if found is not None else None


def keys(node: Node) -> Dict[str, str]:
    """What its file has beside its release."""
    return {} if since(node.record) is None else {KEY: _CLOSED}


def turn_seconds(record: Dict[str, Any]) -> float:
    """How long clients have to notice that it is closed, as it was closed with."""
    return float(record.get(_SECONDS, _DEFAULT_SECONDS))


def unsettled(record: Dict[str, Any], seconds: float) -> float:
    """How much of this time is left for clients to notice that it is closed."""
    begun = since(record)
    return 0.0 if begun is None else min(seconds, max(0.0, begun + seconds - time.time()))


def is_closed(address: str) -> bool:
    """Whether a broker is closed for writes, whoever did it."""
    value = get_broker_config(address).get(KEY, str(Perm.READ_WRITE))
    return not int(value) & Perm.WRITE


def note(node: Node, wanted: bool, seconds: float = _DEFAULT_SECONDS) -> None:
    """Remember what is wanted, so that the next start is so, too."""
    if wanted:
        node.record.setdefault(_SINCE, time.time())
        node.record[_SECONDS] = seconds
    else:
        node.record.pop(_SINCE, None)
        node.record.pop(_SECONDS, None)
    node.save()


def close(
    node: Node,
    document: Document,
    address: str,
    write_conf: Callable[[], object],
    rejoin: Callable[[], object],
    result: Result,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Close a master that runs; or see that it still is.

    `rejoin` takes it into the orders of ordered topics again, where it cannot be closed.
    """
    group = document["identity"]["brokerName"]
    seconds = float((document.get("decommission") or {}).get("seconds", 0))
    first = since(node.record) is None
    try:
        left = settled(lambda: _withdraw(document))
        result.changed += left
        with _turned_away(node, document, address, seconds, bool(left), sleep):
            note(node, True, seconds)
            changed = set_open(address, False)
        if changed:
            result.changed.append(f"{group} closed for writes")
        if first or changed:
            # Also where a rollout that was cut off had closed it: its file would open it.
            write_conf()
            _seen(document, group, sleep)
    except RemotingError as error:
        if first:
            # Who takes the change back now has nothing to run: Pulumi never knew of it.
            with contextlib.suppress(RemotingError):
                note(node, False)
                open_anew(address)
                write_conf()
                rejoin()
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{node.name}: {group} cannot be closed for writes: {error}",
            "Run pulumi up again when broker and name servers answer.",
        ) from error
    if first:
        say(f"{node.name}: {group} is closed for writes; it is read on")


@contextlib.contextmanager
def _turned_away(
    node: Node,
    document: Document,
    address: str,
    seconds: float,
    withdrawn: bool,
    sleep: Callable[[float], None],
) -> Iterator[None]:
    """Have producers of ordered topics gone before the body closes the master.

    If this step ends before, the lease opens it to them again.
    """
    text = f"{node.name}: waiting {seconds:.0f} s for producers of ordered topics to turn away"
    if is_closed(address) or not ordered.has_any(address):
        if withdrawn:
            say(text)
            sleep(seconds)
        # A rollout that was cut off must not open it again.
        lease.discard(node.name)
        yield
        return
    group, namesrvs = document["identity"]["brokerName"], document["namesrv"]
    held = lease.Lease(node.name, [address], units=[node.unit])
    held.take()
    try:
        ordered.lead_away(namesrvs, group)
        say(text)
        ordered.wait(namesrvs, group, seconds, sleep)
        yield
        held.release()
    finally:
        held.leave()


def _withdraw(document: Document) -> List[str]:
    """Take the group out of the order of ordered topics.

    Where name servers hand it out (orderMessageEnable=true) producers heed nothing else.
    """
    group = document["identity"]["brokerName"]
    done: List[str] = []
    for namesrv in document["namesrv"]:
        for topic, queues in sorted(order_configs(namesrv).items()):
            if group in queues and leave_order(namesrv, topic, group):
                done.append(f"order of topic {topic} on {namesrv}: without {group}")
    return done


def _seen(document: Document, group: str, sleep: Callable[[float], None]) -> None:
    cluster = document["identity"]["brokerClusterName"]
    end = time.monotonic() + _TICK_SECONDS
    for namesrv in document["namesrv"]:
        while writable(namesrv, cluster).get(group):
            if time.monotonic() > end:
                raise RemotingError(f"name server {namesrv} still shows it open", 0)
            sleep(_POLL_SECONDS)
