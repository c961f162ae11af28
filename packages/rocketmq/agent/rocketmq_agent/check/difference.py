"""One difference, and what it costs to repair."""

from typing import Any, Dict, Iterable, List, NamedTuple

from ..node.drift import Drift

# Repaired beside or in the running process.
HOT = "hot"
# Something that does not run is started.
START = "start"
# The running process is restarted, by the rolling rules.
RESTART = "restart"
# RocketMQ, Java or a node is installed again; nothing that runs is touched by that alone.
REINSTALL = "reinstall"
# Not by an update: a person must decide.
MANUAL = "manual"


class Difference(NamedTuple):
    """`CheckDifference` in documents.ts."""

    # The slot; nothing for the host itself.
    node: str
    what: str
    expected: str
    found: str
    repair: str

    def to_document(self) -> Dict[str, Any]:
        """The JSON form."""
        members = self._asdict()
        if not self.node:
            del members["node"]
        return dict(members)


def priced(node: str, repair: str, drifts: Iterable[Drift]) -> List[Difference]:
    """Differences of one price."""
    return [Difference(node, *drift, repair) for drift in drifts]
