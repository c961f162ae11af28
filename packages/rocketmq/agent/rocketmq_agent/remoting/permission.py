"""Which broker groups clients may write to.

`brokerPermission` takes the write permission from every topic that a broker registers. Every broker
has a topic named after its cluster, so that one route tells of all of them.
"""

from typing import Dict

from .broker import Perm, get_broker_config, update_broker_config
from .namesrv import route

KEY = "brokerPermission"


def writable(namesrv: str, cluster: str) -> Dict[str, bool]:
    """Whether clients of this name server may write, by broker name."""
    found = route(namesrv, cluster)
    queues = found.queues if found is not None else {}
    return {name: bool(data.perm & Perm.WRITE) for name, data in queues.items()}


def taking(namesrv: str, cluster: str) -> Dict[str, bool]:
    """Whether clients of this name server find somebody to write to, by broker name.

    While slaves of a group live, its queues stay in the route as they were with its master.
    """
    found = route(namesrv, cluster)
    if found is None:
        return {}
    return {
        name: bool(data.perm & Perm.WRITE) and 0 in found.brokers.get(name, {})
        for name, data in found.queues.items()
    }


def set_open(broker: str, is_open: bool) -> bool:
    """Open a broker for writes or close it; whether it was not so. It registers at once."""
    wanted = Perm.READ_WRITE if is_open else Perm.READ
    if get_broker_config(broker).get(KEY) == str(wanted):
        return False
    update_broker_config(broker, {KEY: str(wanted)})
    return True


def open_anew(broker: str) -> bool:
    """Open a broker; whether it was not so. It registers in any case.

    So also a name server shows it open that took its write permission away by itself.
    """
    wanted = str(Perm.READ_WRITE)
    was = get_broker_config(broker).get(KEY)
    update_broker_config(broker, {KEY: wanted})
    return was != wanted
