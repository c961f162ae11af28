"""What a step prints on stdout (`ResultDocument` in documents.ts)."""

from typing import Any, Dict, List


class Result:
    """Collects what a step did and found."""

    def __init__(self) -> None:
        # What was done, one phrase each; empty when the host was already as desired.
        self.changed: List[str] = []
        # Whether a process of ours was restarted (a first start is no restart).
        self.restarted = False
        self.warnings: List[str] = []
        # What was found: java, heapMb, kernel and the like.
        self.facts: Dict[str, str] = {}

    def to_document(self, seconds: float) -> Dict[str, Any]:
        """The JSON form. Whole milliseconds are more than anybody needs."""
        return {
            "changed": self.changed,
            "restarted": self.restarted,
            "warnings": self.warnings,
            "facts": self.facts,
            "seconds": round(seconds, 3),
        }
