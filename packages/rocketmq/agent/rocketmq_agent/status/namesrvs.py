"""What a name server knows of the cluster."""

from typing import Any, Dict

from ..remoting.connection import Connection
from ..remoting.namesrv import cluster_info_on, route_on
from ..remoting.version import release_of
from .words import UNREADABLE, reason

TIMEOUT = 3.0


def ask_namesrv(address: str, cluster: str) -> Dict[str, Any]:
    """Who is registered, and which groups clients see open for writes."""
    try:
        with Connection(address, TIMEOUT) as connection:
            info = cluster_info_on(connection)
            # The topic named after the cluster is on every master: all groups in one request.
            route = route_on(connection, cluster)
            release = release_of(connection.peer_version)
    except UNREADABLE as error:
        return {"address": address, "up": False, "error": reason(error, address)}
    names = info.clusters.get(cluster, [])
    return {
        "address": address,
        "up": True,
        "version": release,
        "brokers": {
            name: {str(number): at for number, at in sorted(info.brokers.get(name, {}).items())}
            for name in names
        },
        "permissions": {
            name: queues.perm
            for name, queues in sorted((route.queues if route else {}).items())
            if name in names
        },
    }
