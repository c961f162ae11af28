"""Topics on a broker: read, created, changed; several with few calls."""

from typing import Any, Dict, List, Mapping

from . import codes
from .config import NotAppliedError
from .connection import Connection, Request
from .errors import RemotingError
from .lenient import parse_object

# Whose queue counts a new topic would inherit; a broker requires one, and ignores it here.
_DEFAULT_TOPIC = "TBW102"

# The members of a TopicDocument, which the broker's own form spells the same.
_KEYS = ("readQueueNums", "writeQueueNums", "perm", "order")
_MESSAGE_TYPE = "message.type"


def topic_configs(address: str) -> Dict[str, Dict[str, Any]]:
    """Every topic of a broker, system topics included: name to RocketMQ's TopicConfig."""
    with Connection(address) as connection:
        return topic_configs_on(connection)


def topic_configs_on(connection: Connection) -> Dict[str, Dict[str, Any]]:
    """As `topic_configs`, on an open connection."""
    answer = parse_object(connection.ask(codes.GET_ALL_TOPIC_CONFIG).body)
    return dict(answer.get("topicConfigTable") or {})


def create_topic(address: str, name: str, document: Mapping[str, Any]) -> bool:
    """Creates a topic, or changes it to the TopicDocument. False: it was like this already."""
    return bool(create_topics(address, {name: document}))


def create_topics(address: str, documents: Mapping[str, Mapping[str, Any]]) -> List[str]:
    """Creates and changes topics; returns the names of those that were not as desired.

    Raises RemotingError for the first topic that is refused, and NotAppliedError for topics that
    were accepted and are not there as asked. Topics that are not named are left alone. An empty
    `messageType` takes the one away that a topic has; without the member it is left alone.
    """
    if not documents:
        return []
    with Connection(address) as connection:
        found = topic_configs_on(connection)
        due = [name for name in sorted(documents) if _difference(documents[name], found.get(name))]
        if not due:
            return []
        requests = [_request(name, documents[name], found.get(name) or {}) for name in due]
        for name, response in zip(due, connection.pipeline(requests)):
            if response.code != 0:
                raise RemotingError(f"{address}: topic {name}: {response.remark}", response.code)
        found = topic_configs_on(connection)
    wrong = {name: _difference(documents[name], found.get(name)) for name in due}
    wrong = {name: why for name, why in wrong.items() if why}
    if wrong:
        raise NotAppliedError(address, wrong)
    return due


def topic_differences(
    documents: Mapping[str, Mapping[str, Any]], found: Mapping[str, Any]
) -> Dict[str, str]:
    """Declared topics that are not as the documents say, and in what."""
    wrong = {name: _difference(one, found.get(name)) for name, one in documents.items()}
    return {name: why for name, why in sorted(wrong.items()) if why}


def _request(name: str, document: Mapping[str, Any], found: Mapping[str, Any]) -> Request:
    ext = {
        "topic": name,
        "defaultTopic": _DEFAULT_TOPIC,
        "topicFilterType": str(found.get("topicFilterType", "SINGLE_TAG")),
        "topicSysFlag": str(found.get("topicSysFlag", 0)),
    }
    for key in _KEYS:
        ext[key] = _text(document[key])
    if document.get("messageType"):
        # "+" sets an attribute; brokers of 4.x ignore the member.
        ext["attributes"] = "+{}={}".format(_MESSAGE_TYPE, document["messageType"])
    elif document.get("messageType") == "" and _MESSAGE_TYPE in (found.get("attributes") or {}):
        ext["attributes"] = f"-{_MESSAGE_TYPE}"
    return Request(codes.UPDATE_AND_CREATE_TOPIC, ext)


def _difference(document: Mapping[str, Any], found: Any) -> str:
    """What is not as the document says, in words; empty when nothing is."""
    if not found:
        return "is not there"
    # A broker of 4.x shows no attributes. It also ignores `order`, which is set there through the
    # name servers (order.py): what it cannot take is not a difference.
    since5 = "attributes" in found
    wrong = [
        f"{key} {_text(found.get(key))}, asked {_text(document[key])}"
        for key in _KEYS
        if (since5 or key != "order") and _text(found.get(key)) != _text(document[key])
    ]
    desired = document.get("messageType")
    if desired is not None and since5:
        actual = (found["attributes"] or {}).get(_MESSAGE_TYPE, "")
        if actual != desired:
            wrong.append("messageType {}, asked {}".format(actual or "none", desired or "none"))
    return ", ".join(wrong)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
