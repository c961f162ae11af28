"""The brokers of a cluster, as its name servers know them."""

import contextlib
from typing import Dict, Iterator, List, NamedTuple

from ..remoting.admin import cluster_info
from ..remoting.connection import Connection
from ..remoting.errors import RemotingError
from ..steps import Document

# Of one question, to a broker that may be busy.
_TIMEOUT = 15.0


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


class Head(NamedTuple):
    """Who speaks for a group: its master; while name servers know none, its first slave.

    They forget a master that is down for two minutes. A slave has the topics that its master had up
    to a minute before, and the offsets of consumers, who go on with it.
    """

    address: str
    # A slave of a group without a master.
    deputy: bool


def heads_of(found: Dict[str, Dict[int, str]]) -> Dict[str, Head]:
    """Who speaks for each of these groups."""
    return {name: Head(ids[min(ids)], 0 not in ids) for name, ids in found.items() if ids}


def heads(document: Document, own: str) -> Dict[str, Head]:
    """Who speaks for each group of the cluster; `own` is the address of the broker of this step."""
    return {**heads_of(brokers(document)), document["identity"]["brokerName"]: Head(own, False)}


@contextlib.contextmanager
def asked(name: str, head: Head) -> Iterator[Connection]:
    """A connection to who speaks for a group; an error says so where that is not its master."""
    try:
        with Connection(head.address, _TIMEOUT) as connection:
            yield connection
    except RemotingError as error:
        if not head.deputy:
            raise
        raise RemotingError(
            f"{name} has no master now, and its slave cannot be asked who reads what: {error}."
            " Have one of them up; or name what is to go in discardTopics or"
            " discardSubscriptionGroups",
            error.code,
        ) from error


def slaves(document: Document) -> Dict[int, str]:
    """Addresses of the slaves of this broker's group by id."""
    ids = brokers(document).get(document["identity"]["brokerName"], {})
    return {number: address for number, address in ids.items() if number != 0}
