"""The brokers of a cluster, as its name servers know them."""

from typing import Dict, List

from ..remoting.admin import cluster_info
from ..remoting.errors import RemotingError
from ..steps import Document


def brokers(document: Document) -> Dict[str, Dict[int, str]]:
    """Addresses by broker name and id, of every name server that answers.

    Raises RemotingError when none does.
    """
    cluster = document["identity"]["brokerClusterName"]
    found: Dict[str, Dict[int, str]] = {}
    silent: List[RemotingError] = []
    for namesrv in document["namesrv"]:
        try:
            info = cluster_info(namesrv)
        except RemotingError as error:
            silent.append(error)
            continue
        for name in info.clusters.get(cluster, []):
            found.setdefault(name, {}).update(info.brokers.get(name, {}))
    if silent and len(silent) == len(document["namesrv"]):
        raise silent[0]
    return found


def masters(document: Document, own: str) -> Dict[str, str]:
    """Addresses of all masters by broker name; `own` is that of the broker of this step."""
    found = {name: ids[0] for name, ids in brokers(document).items() if 0 in ids}
    return {**found, document["identity"]["brokerName"]: own}


def slaves(document: Document) -> Dict[int, str]:
    """Addresses of the slaves of this broker's group by id."""
    ids = brokers(document).get(document["identity"]["brokerName"], {})
    return {number: address for number, address in ids.items() if number != 0}
