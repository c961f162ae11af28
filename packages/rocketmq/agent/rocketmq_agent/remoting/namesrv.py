"""What a name server is asked."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from . import codes
from .config import read_config, write_config
from .connection import Connection
from .errors import RemotingError
from .lenient import parse_object
from .version import release_of


class ClusterInfo(NamedTuple):
    """Addresses by broker name and id (0 is the master); broker names by cluster."""

    brokers: Dict[str, Dict[int, str]]
    clusters: Dict[str, List[str]]


class QueueData(NamedTuple):
    """A topic on one broker group, as clients see it; `perm` as in `Perm`."""

    perm: int
    read: int
    write: int


class Route(NamedTuple):
    """Where a topic is: its queues by broker name, and the addresses of those brokers."""

    queues: Dict[str, QueueData]
    brokers: Dict[str, Dict[int, str]]


def namesrv_alive(address: str, timeout: float = 2.0) -> bool:
    """Whether a name server answers there (an open port alone does not count)."""
    try:
        cluster_info(address, timeout)
        return True
    except RemotingError:
        return False


def cluster_info(namesrv: str, timeout: float = 5.0) -> ClusterInfo:
    """Every broker that is registered with this name server."""
    with Connection(namesrv, timeout) as connection:
        return cluster_info_on(connection)


def cluster_info_on(connection: Connection) -> ClusterInfo:
    """As `cluster_info`, on an open connection."""
    answer = parse_object(connection.ask(codes.GET_BROKER_CLUSTER_INFO).body)
    brokers = {
        str(name): _addresses(data) for name, data in (answer.get("brokerAddrTable") or {}).items()
    }
    clusters = {
        str(name): sorted(str(one) for one in names or [])
        for name, names in (answer.get("clusterAddrTable") or {}).items()
    }
    return ClusterInfo(brokers, clusters)


def registered(namesrv: str, broker_name: str, broker_id: int, address: str) -> bool:
    """Whether this name server knows that broker under exactly this address.

    Raises RemotingError when the name server does not answer.
    """
    return cluster_info(namesrv).brokers.get(broker_name, {}).get(broker_id) == address


def route(namesrv: str, topic: str, timeout: float = 5.0) -> Optional[Route]:
    """Where clients find a topic; None when this name server knows no such topic."""
    with Connection(namesrv, timeout) as connection:
        return route_on(connection, topic)


def route_on(connection: Connection, topic: str) -> Optional[Route]:
    """As `route`, on an open connection."""
    response = connection.call(codes.GET_ROUTEINFO_BY_TOPIC, {"topic": topic})
    if response.code == codes.TOPIC_NOT_EXIST:
        return None
    if response.code != 0:
        raise RemotingError(f"{connection.address}: {response.remark}", response.code)
    answer = parse_object(response.body)
    queues = {
        str(data["brokerName"]): QueueData(
            int(data["perm"]), int(data["readQueueNums"]), int(data["writeQueueNums"])
        )
        for data in answer.get("queueDatas") or []
    }
    brokers = {
        str(data["brokerName"]): _addresses(data) for data in answer.get("brokerDatas") or []
    }
    return Route(queues, brokers)


def topic_names(namesrv: str) -> List[str]:
    """Every topic that this name server knows."""
    with Connection(namesrv) as connection:
        answer = parse_object(connection.ask(codes.GET_ALL_TOPIC_LIST_FROM_NAMESERVER).body)
    return sorted(str(name) for name in answer.get("topicList") or [])


def wipe_write_permission(namesrv: str, broker_name: str) -> int:
    """Takes the write permission of a broker's topics away on this name server alone.

    A restart of the broker brings it back, or a change of its topics or of its brokerPermission.
    Returns how many topics were changed.
    """
    with Connection(namesrv) as connection:
        response = connection.ask(codes.WIPE_WRITE_PERM_OF_BROKER, {"brokerName": broker_name})
    return int(response.ext.get("wipeTopicCount", "0"))


def add_write_permission(namesrv: str, broker_name: str) -> int:
    """Undoes `wipe_write_permission`, and gives it to topics that are read-only as well."""
    with Connection(namesrv) as connection:
        response = connection.ask(codes.ADD_WRITE_PERM_OF_BROKER, {"brokerName": broker_name})
    return int(response.ext.get("addTopicCount", "0"))


def get_namesrv_config(address: str) -> Dict[str, str]:
    """Every key that a name server runs with."""
    with Connection(address) as connection:
        return read_config(connection, codes.GET_NAMESRV_CONFIG)


def namesrv_version(address: str) -> str:
    """The RocketMQ release of a name server, as `release_of` tells it."""
    with Connection(address) as connection:
        read_config(connection, codes.GET_NAMESRV_CONFIG)
        return release_of(connection.peer_version)


def update_namesrv_config(address: str, changes: Mapping[str, str]) -> None:
    """Applies keys to a running name server; raises NotAppliedError for those that did not take."""
    with Connection(address) as connection:
        write_config(connection, codes.UPDATE_NAMESRV_CONFIG, codes.GET_NAMESRV_CONFIG, changes)


def _addresses(data: Any) -> Dict[int, str]:
    table = data.get("brokerAddrs") or {}
    return {int(broker_id): str(address) for broker_id, address in sorted(table.items())}
