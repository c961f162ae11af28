"""Who consumes: the connected clients of a group, and what they say of themselves."""

from typing import Dict, FrozenSet, Iterable, List, NamedTuple, Sequence, Tuple

from . import codes
from .connection import Connection, Request
from .lenient import parse_object


class Client(NamedTuple):
    """A connected consumer; `address` is its end of the connection to the broker asked."""

    address: str
    client_id: str


class Group(NamedTuple):
    """The consumers of a group that are connected to a broker."""

    clients: List[Client]
    broadcasting: bool
    # Topics that they subscribe to.
    topics: FrozenSet[str] = frozenset()


class ClientTopic(NamedTuple):
    """What a consumer says of one topic: rates of the last minute, times in milliseconds."""

    topic: str
    pull_tps: float
    pull_rt: float
    ok_tps: float
    failed_tps: float
    consume_rt: float
    # In the last hour.
    failed_messages: float


def online_groups_on(connection: Connection, groups: Iterable[str]) -> Dict[str, Group]:
    """Those of the groups that have consumers connected to this broker."""
    names = sorted(groups)
    requests = [
        Request(codes.GET_CONSUMER_CONNECTION_LIST, {"consumerGroup": name}) for name in names
    ]
    found: Dict[str, Group] = {}
    for name, response in zip(names, connection.pipeline(requests)):
        if response.code != 0:
            continue
        answer = parse_object(response.body)
        clients = [
            Client(str(one.get("clientAddr", "")), str(one.get("clientId", "")))
            for one in answer.get("connectionSet") or []
        ]
        if clients:
            found[name] = Group(
                sorted(clients),
                answer.get("messageModel") == "BROADCASTING",
                frozenset(str(topic) for topic in answer.get("subscriptionTable") or ()),
            )
    return found


def client_topics_on(
    connection: Connection, clients: Sequence[Tuple[str, str]], timeout: float
) -> Dict[Tuple[str, str], List[ClientTopic]]:
    """What consumers, given as (group, client id), say; the broker asks each over its connection.

    Clients that do not answer the broker, or not in a version that we know, are left out.
    """
    requests = [
        Request(
            codes.GET_CONSUMER_RUNNING_INFO,
            {"consumerGroup": group, "clientId": client_id, "jstackEnable": "false"},
        )
        for group, client_id in clients
    ]
    found: Dict[Tuple[str, str], List[ClientTopic]] = {}
    for client, response in zip(clients, connection.pipeline(requests, timeout)):
        if response.code == 0:
            table = parse_object(response.body).get("statusTable") or {}
            found[client] = [_client_topic(str(topic), table[topic]) for topic in sorted(table)]
    return found


def _client_topic(topic: str, status: Dict[str, float]) -> ClientTopic:
    return ClientTopic(
        topic,
        float(status.get("pullTPS") or 0),
        float(status.get("pullRT") or 0),
        float(status.get("consumeOKTPS") or 0),
        float(status.get("consumeFailedTPS") or 0),
        float(status.get("consumeRT") or 0),
        float(status.get("consumeFailedMsgs") or 0),
    )
