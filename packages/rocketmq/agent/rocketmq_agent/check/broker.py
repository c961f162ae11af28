"""A broker, with its topics and subscription groups."""

import os
from typing import List

from .. import state
from ..node import newcomer
from ..node.reach import Reach
from ..node.role import BROKER
from ..remoting.admin import (
    get_broker_config,
    group_differences,
    order_config,
    subscription_groups,
    topic_configs,
    topic_differences,
)
from ..remoting.broker import Perm
from ..remoting.errors import RemotingError
from ..remoting.permission import KEY
from ..steps import Document
from .difference import HOT, Difference
from .node import Missing, Values, compare_values, look


def check(document: Document) -> List[Difference]:
    """What its steps would change, with `reconcile`."""
    try:
        found = look(document, document["release"]["unit"]["name"], BROKER.part_of)
    except Missing as missing:
        return [missing.difference]
    address = Reach(found.node, document).local()
    values = compare_values(document, found, BROKER, lambda: get_broker_config(address))
    return [
        *found.differences,
        *values.differences,
        *_permission(document, values, newcomer.is_new(found.node.record)),
        *(_declared(document, address) if values.live else []),
    ]


def _permission(document: Document, values: Values, is_new: bool) -> List[Difference]:
    """Left closed for writes; or open, though its group is being taken out.

    `is_new`: its rollout step is still to open it for the first time.
    """
    node = document["node"]
    now = values.live.get(KEY)
    if document.get("decommission"):
        wanted = str(Perm.READ)
        told = f"{wanted} (closed for writes: decommissioned)"
        return [] if now in (None, wanted) else [Difference(node, KEY, told, str(now), HOT)]
    if now in (None, str(Perm.READ_WRITE)):
        return []
    lease = os.path.exists(state.path("leases", f"{node}.json"))
    left = " by an update that was cut off" if lease or is_new else ""
    return [Difference(node, KEY, f"{Perm.READ_WRITE} (open for writes)", f"{now}{left}", HOT)]


def _declared(document: Document, address: str) -> List[Difference]:
    node = document["node"]
    topics, groups = document.get("topics") or {}, document.get("subscriptionGroups") or {}
    wrong = []
    try:
        if topics:
            there = topic_configs(address)
            wrong += [(f"topic {n}", why) for n, why in topic_differences(topics, there).items()]
        if groups:
            known = subscription_groups(address)
            wrong += [
                (f"subscription group {n}", why)
                for n, why in group_differences(groups, known).items()
            ]
    except RemotingError as error:
        wrong.append(("topics and subscription groups", str(error)))
    name = document["identity"]["brokerName"]
    for topic in sorted(topics):
        ordered_here = topics[topic]["order"] and not document.get("decommission")
        for namesrv in document["namesrv"] if ordered_here else ():
            try:
                ordered = order_config(namesrv, topic).get(name)
            except RemotingError:
                # A name server that is away is told by its own host.
                continue
            if ordered != topics[topic]["writeQueueNums"]:
                wrong.append((f"order of topic {topic}", f"not declared on {namesrv}"))
    return [Difference(node, what, "as declared", why, HOT) for what, why in wrong]
