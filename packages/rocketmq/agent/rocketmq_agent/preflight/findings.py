"""What preflight finds wrong: what it is, and what to do about it."""

import os
from typing import Any, Dict, List, NamedTuple, Set

from ..host.versions import RECORD, folder_of
from .system import System


class Finding(NamedTuple):
    """One thing that is wrong. A warning does not keep the host from being used."""

    check: str
    problem: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.check}: {self.problem} -> {self.remedy}"


class Inspection:
    """What every check gets: the document, the host, and where to put what it learns."""

    def __init__(self, document: Dict[str, Any], system: System) -> None:
        self.document = document
        self.system = system
        self.findings: List[Finding] = []
        self.facts: Dict[str, str] = {}
        # Units of somebody else's (`mqbroker.service`) that run adopted nodes, or will.
        self.adopted_units: Set[str] = set()
        # Others that run a RocketMQ, which was told.
        self.strange_units: Set[str] = set()
        # Folders of the RocketMQ that adopted ones run.
        self.adopted_homes: Set[str] = set()

    def fail(self, check: str, problem: str, remedy: str) -> None:
        """Something that must be mended before the host is touched."""
        self.findings.append(Finding(check, problem, remedy))

    def warn(self, check: str, problem: str, remedy: str) -> None:
        """Something that should be mended."""
        self.findings.append(Finding(check, problem, remedy, warning=True))

    @property
    def deploy(self) -> str:
        """Where programs and releases are."""
        return str(self.document["paths"]["deploy"])

    @property
    def data(self) -> str:
        """Where stores and logs are."""
        return str(self.document["paths"]["data"])

    @property
    def nodes(self) -> List[str]:
        """The slots that the program puts on this host."""
        return sorted(set(self.document["ports"].values()))

    @property
    def adopts(self) -> bool:
        """Whether what runs here shall be taken over."""
        return "adopt" in self.document

    def installed(self) -> bool:
        """Whether the wanted version is on the host, so that no archive is needed."""
        version = self.document["package"]["version"]
        return self.system.exists(os.path.join(folder_of(self.deploy, version), RECORD))

    def new_nodes(self) -> List[str]:
        """Those of the host's nodes that no earlier run has set up."""
        folder = f"{self.deploy}/nodes"
        adopted = self.document.get("adopt", {})
        return [
            node
            for node in self.nodes
            if node not in adopted and not self.system.exists(f"{folder}/{node}/current")
        ]
