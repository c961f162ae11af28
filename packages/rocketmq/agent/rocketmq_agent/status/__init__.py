"""How a cluster does right now, asked from one of its hosts over RocketMQ's own protocol."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List

from ..steps import Document
from .brokers import Peer, ask_broker, peers
from .consumers import Reading, merge
from .exporter import ask_exporter
from .namesrvs import ask_namesrv

# Each waits for a socket most of the time.
_WORKERS = 32


class Report:
    """What the verb prints: `StatusReport` in documents.ts."""

    def __init__(self, answer: Dict[str, Any]) -> None:
        self.answer = answer

    def to_document(self, seconds: float) -> Dict[str, Any]:
        """The JSON form."""
        return dict(self.answer, seconds=round(seconds, 3))


def run(document: Document) -> Report:
    """Ask every name server, then every broker that one of them or the document knows."""
    asked = time.time()
    with ThreadPoolExecutor(_WORKERS) as pool:
        exporter = pool.submit(ask_exporter, document["exporter"]) if _has(document) else None
        namesrvs = list(
            pool.map(lambda one: ask_namesrv(one, document["cluster"]), document["namesrv"])
        )
        everybody = peers(document["brokers"], namesrvs)
        brokers = list(pool.map(lambda peer: ask_broker(peer, everybody), everybody))
        answer: Dict[str, Any] = {
            "time": round(asked * 1000),
            "nameServers": namesrvs,
            "brokers": [broker.answer for broker in brokers],
            "consumers": merge(_readings(brokers)),
        }
        if exporter is not None:
            answer["exporter"] = exporter.result()
    return Report(answer)


def _has(document: Document) -> bool:
    return "exporter" in document


def _readings(brokers: List[Any]) -> List[Reading]:
    return [reading for broker in brokers for reading in broker.readings]


__all__ = ["Peer", "Report", "run"]
