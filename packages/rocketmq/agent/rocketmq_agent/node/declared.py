"""Topics and consumer groups that the program declares, on a master: made, changed, taken away.

What the program declared last time is remembered, so that what is gone from it is known. What it
never declared is left alone.
"""

from typing import Any, List, Mapping, NamedTuple

from ..progress import say
from ..remoting.admin import (
    create_subscription_groups,
    create_topics,
    declare_ordered,
    leave_order,
    settled,
)
from ..result import Result
from ..steps import Document
from ..system import systemd
from . import shared, shrink, vanish
from .node import Node
from .vanish import Leaving

_NAMES = ("topics", "subscriptionGroups")


class Declared(NamedTuple):
    """What a document declares, or one before it did."""

    topics: Mapping[str, Mapping[str, Any]]
    groups: Mapping[str, Mapping[str, Any]]


def of(document: Mapping[str, Any]) -> Declared:
    """What is declared; nothing where nothing is."""
    topics, groups = (document.get(name) or {} for name in _NAMES)
    return Declared(topics, groups)


def differs(document: Document, node: Node) -> bool:
    """Whether it declares something else than the last time."""
    before = node.record.get("declared")
    return before is not None and of(before) != of(document)


def check(document: Document, node: Node, address: str) -> None:
    """Refuse what would lose messages, before anything is changed on a broker that runs.

    Whoever takes a refused change back has nothing to run: Pulumi never knew of it.
    """
    if not node.was_ready or not systemd.state(node.unit).running:
        return
    wanted = of(document)
    vanish.check(document, node, address, _leaving(document, node))
    shrink.plan(document, address, wanted.topics, node)


def _leaving(document: Document, node: Node) -> Leaving:
    wanted, before = of(document), of(node.record.get("declared") or {})
    return Leaving(
        sorted(set(before.topics) - set(wanted.topics)),
        sorted(set(before.groups) - set(wanted.groups)),
    )


def apply(document: Document, node: Node, address: str, result: Result) -> None:
    """Have on a running broker what the program declares, and nothing that it declared before."""
    wanted, before = of(document), of(node.record.get("declared") or {})
    leaving = _leaving(document, node)
    # Everything that may be refused comes before the first change.
    vanish.check(document, node, address, leaving)
    narrower = shrink.plan(document, address, wanted.topics, node)
    topics = {name: _whole(topic, before.topics.get(name)) for name, topic in wanted.topics.items()}
    for name in create_topics(address, shrink.writes_only(topics, narrower)):
        say(f"{node.name}: topic {name}")
        result.changed.append(f"topic {name}")
    # A group that is closed for good has left the orders.
    closed = bool(document.get("decommission"))
    result.changed += settled(lambda: _orders(document, address, wanted, before, closed))
    shrink.finish(address, topics, narrower, node, result)
    for name in create_subscription_groups(address, wanted.groups):
        say(f"{node.name}: subscription group {name}")
        result.changed.append(f"subscription group {name}")
    # Last, and looked at once more: what went before may have taken minutes, or have failed.
    vanish.check(document, node, address, leaving)
    vanish.remove(document, node, address, leaving, result)
    declared = {name: document.get(name) for name in _NAMES}
    if node.record.get("declared") != declared:
        node.record["declared"] = declared
        node.save()


def _whole(topic: Mapping[str, Any], before: Any) -> Mapping[str, Any]:
    """A topic that had a message type by the program, and has none any more, shall have none."""
    if before and before.get("messageType") and not topic.get("messageType"):
        return {**topic, "messageType": ""}
    return topic


def _orders(
    document: Document, address: str, wanted: Declared, before: Declared, closed: bool
) -> List[str]:
    """Have this broker in the order of the topics that are ordered, and in no other's."""
    broker = document["identity"]["brokerName"]
    done: List[str] = []
    for name, topic in wanted.topics.items():
        queues = topic["writeQueueNums"]
        was = before.topics.get(name, {}).get("order")
        for namesrv in document["namesrv"]:
            if topic["order"]:
                changed = not closed and declare_ordered(namesrv, name, broker, queues)
            else:
                changed = bool(was) and leave_order(namesrv, name, broker)
            if changed:
                done.append(f"order of topic {name} on {namesrv}")
    if document["identity"]["brokerId"] == 0 and not closed:
        done += shared.join_orders(document, address, set(wanted.topics))
    return done
