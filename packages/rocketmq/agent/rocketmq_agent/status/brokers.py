"""What a broker says of itself, and how far a slave is behind."""

from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional

from ..remoting import codes
from ..remoting.config import read_config
from ..remoting.connection import Connection
from ..remoting.lenient import parse_object
from ..remoting.replication import replication
from ..remoting.sizes import byte_sizes
from ..remoting.version import release_of
from .consumers import Reading, read_consumers
from .words import UNREADABLE, reason

_TIMEOUT = 4.0
# Statistics of every group on every topic take a large broker a while.
_BUDGET = 15.0


class Peer(NamedTuple):
    """A broker that ought to be there, or that a name server knows."""

    name: str
    number: int
    address: str


class Broker(NamedTuple):
    """What is printed of a broker, and what its consumer groups have not read."""

    answer: Dict[str, Any]
    readings: List[Reading]


def peers(expected: Iterable[Mapping[str, Any]], namesrvs: List[Dict[str, Any]]) -> List[Peer]:
    """Those of the document, and those that are registered: under another address, or unknown."""
    found = {Peer(one["brokerName"], one["brokerId"], one["address"]) for one in expected}
    for namesrv in namesrvs:
        for name, members in namesrv.get("brokers", {}).items():
            found.update(Peer(name, int(number), at) for number, at in members.items())
    return sorted(found)


def ask_broker(peer: Peer, everybody: List[Peer]) -> Broker:
    """A broker's figures; where it does not answer, why."""
    answer: Dict[str, Any] = {
        "brokerName": peer.name,
        "brokerId": peer.number,
        "address": peer.address,
    }
    readings: List[Reading] = []
    try:
        with Connection(peer.address, _TIMEOUT, _BUDGET) as connection:
            response = connection.ask(codes.GET_BROKER_RUNTIME_INFO)
            table = parse_object(response.body).get("table") or {}
            config = read_config(connection, codes.GET_BROKER_CONFIG)
            answer.update(
                _figures({str(key): str(value) for key, value in table.items()}, config),
                up=True,
                version=release_of(response.version),
            )
            if peer.number == 0:
                try:
                    readings = read_consumers(connection)
                except UNREADABLE as error:
                    answer["consumersError"] = reason(error, peer.address)
        if peer.number != 0:
            answer.update(_replica(peer, everybody))
    except UNREADABLE as error:
        return Broker(dict(answer, up=False, error=reason(error, peer.address)), [])
    return Broker(answer, readings)


def _figures(table: Mapping[str, str], config: Mapping[str, str]) -> Dict[str, Any]:
    sizes = byte_sizes(table.get("commitLogDirCapacity", ""))
    ratios = [
        number
        for number in (
            _number(table.get("commitLogDiskRatio")),
            _number(table.get("consumeQueueDiskRatio")),
        )
        if number is not None
    ]
    figures = {
        "maxOffset": _number(table.get("commitLogMaxOffset")),
        # RocketMQ goes by whichever of the two places is fuller.
        "diskRatio": max(ratios) if ratios else None,
        "diskTotal": sizes[0] if len(sizes) == 2 else None,
        "diskFree": sizes[1] if len(sizes) == 2 else None,
        "putTps": _first(table.get("putTps")),
        "getTps": _first(table.get("getTransferedTps") or table.get("getTransferredTps")),
        "sendWaitMs": _number(table.get("sendThreadPoolQueueHeadWaitTimeMills")),
        "bootTime": _number(table.get("bootTimestamp")),
        "permission": _number(config.get("brokerPermission")),
        "role": config.get("brokerRole"),
    }
    return {key: value for key, value in figures.items() if value is not None}


def _replica(peer: Peer, everybody: List[Peer]) -> Dict[str, Any]:
    masters = [one for one in everybody if one.name == peer.name and one.number == 0]
    if not masters:
        return {"replicaError": "its group has no master"}
    error = ""
    for master in masters:
        try:
            found = replication(master.address, peer.address, _TIMEOUT)
        except UNREADABLE as failure:
            error = error or reason(failure, peer.address)
            continue
        replica: Dict[str, Any] = {"behindBytes": found.lag_bytes}
        if found.connected is not None:
            replica["connected"] = found.connected
        return replica
    return {"replicaError": error}


def _first(text: Optional[str]) -> Optional[float]:
    """Of figures of 10, 60 and 600 seconds the first."""
    return _number((text or "").split()[0]) if (text or "").split() else None


def _number(text: Optional[str]) -> Optional[float]:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return int(number) if number == int(number) else number
