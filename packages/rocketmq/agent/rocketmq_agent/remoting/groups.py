"""Subscription (consumer) groups on a broker: read, created, changed."""

import json
from typing import Any, Dict, List, Mapping, Tuple

from . import codes
from .config import NotAppliedError
from .connection import Connection
from .errors import RemotingError
from .lenient import parse_object


def subscription_groups(address: str) -> Dict[str, Dict[str, Any]]:
    """Every group of a broker, its own included: name to RocketMQ's SubscriptionGroupConfig."""
    with Connection(address) as connection:
        return subscription_groups_on(connection)


def subscription_groups_on(connection: Connection) -> Dict[str, Dict[str, Any]]:
    """As `subscription_groups`, on an open connection."""
    answer = parse_object(connection.ask(codes.GET_ALL_SUBSCRIPTIONGROUP_CONFIG).body)
    return dict(answer.get("subscriptionGroupTable") or {})


def shared_groups(address: str) -> Tuple[Dict[str, Dict[str, Any]], Dict[str, Dict[str, Any]]]:
    """Every group of a broker, and what groups may not read (by topic; RocketMQ 5, else empty)."""
    with Connection(address) as connection:
        answer = parse_object(connection.ask(codes.GET_ALL_SUBSCRIPTIONGROUP_CONFIG).body)
    return dict(answer.get("subscriptionGroupTable") or {}), dict(
        answer.get("forbiddenTable") or {}
    )


def request_modes(address: str) -> Dict[str, Dict[str, Any]]:
    """Which groups pop the messages of which topics, by topic and group, where that was set.

    RocketMQ 5.3 and later; empty for any other, and where nothing was set.
    """
    with Connection(address) as connection:
        response = connection.call(codes.GET_ALL_MESSAGE_REQUEST_MODE)
    if response.code != 0 or not response.body:
        return {}
    return dict(parse_object(response.body).get("messageRequestModeMap") or {})


def create_subscription_group(address: str, name: str, document: Mapping[str, Any]) -> bool:
    """Creates a group, or changes it to the SubscriptionGroupDocument. False: nothing to do."""
    return bool(create_subscription_groups(address, {name: document}))


def create_subscription_groups(
    address: str, documents: Mapping[str, Mapping[str, Any]]
) -> List[str]:
    """Creates and changes groups; returns the names of those that were not as desired.

    Members that a document does not name keep the value that the group has, or RocketMQ's default.
    """
    if not documents:
        return []
    with Connection(address) as connection:
        found = subscription_groups_on(connection)
        due = [name for name in sorted(documents) if _difference(documents[name], found.get(name))]
        for name in due:
            config = dict(found.get(name) or {}, groupName=name, **documents[name])
            body = json.dumps(config).encode("utf-8")
            try:
                connection.ask(codes.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, None, body)
            except RemotingError as error:
                raise RemotingError(f"group {name}: {error}", error.code) from error
        if not due:
            return []
        found = subscription_groups_on(connection)
    wrong = {name: _difference(documents[name], found.get(name)) for name in due}
    wrong = {name: why for name, why in wrong.items() if why}
    if wrong:
        raise NotAppliedError(address, wrong)
    return due


def group_differences(
    documents: Mapping[str, Mapping[str, Any]], found: Mapping[str, Any]
) -> Dict[str, str]:
    """Declared groups that are not as the documents say, and in what."""
    wrong = {name: _difference(one, found.get(name)) for name, one in documents.items()}
    return {name: why for name, why in sorted(wrong.items()) if why}


def _difference(document: Mapping[str, Any], found: Any) -> str:
    if not found:
        return "is not there"
    # consumeMessageOrderly is unknown to 4.x: what a broker does not show cannot differ.
    return ", ".join(
        f"{key} {found[key]}, asked {value}"
        for key, value in sorted(document.items())
        if key in found and found[key] != value
    )
