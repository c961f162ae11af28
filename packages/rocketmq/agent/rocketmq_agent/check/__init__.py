"""What differs on this host from what was applied to it, and from what is wanted; reads only.

`reconcile` in the documents of the steps repairs what is found here.
"""

from typing import Any, Callable, Dict, List

from .. import DOCUMENT_FORMAT
from ..document import check as check_shape
from ..errors import ExitCode, StepError
from ..lock import holder
from ..shapes import SHAPES
from ..steps import Document
from . import broker, consul, exporter, host, namesrv
from .difference import Difference
from .node import note

# The rollouts of nodes say nothing that their config steps do not.
_CHECKS: Dict[str, Callable[[Document], List[Difference]]] = {
    "host": host.check,
    "namesrv-config": namesrv.check,
    "broker-config": broker.check,
    "exporter": exporter.check,
    "consul": consul.check,
}


class Report:
    """What the verb prints: `CheckReport` in documents.ts."""

    def __init__(self, differences: List[Difference], notes: List[str]) -> None:
        self.differences = differences
        self.notes = notes

    def to_document(self, seconds: float) -> Dict[str, Any]:
        """The JSON form."""
        return {
            "differences": [one.to_document() for one in self.differences],
            **({"notes": self.notes} if self.notes else {}),
            "seconds": round(seconds, 3),
        }


def run(document: Document) -> Report:
    """Compare the host with the documents of its steps."""
    step = holder()
    if step:
        raise StepError(
            ExitCode.LOCKED,
            f"a step is at work on this host, so that it cannot be compared: {step}",
            "Look again when the update has ended.",
        )
    differences: List[Difference] = []
    notes: List[str] = []
    for one in document["steps"]:
        check = _CHECKS.get(one["verb"])
        if check is not None:
            differences += check(_well_formed(one["verb"], one["document"]))
        if check in (namesrv.check, broker.check):
            notes += note(one["document"])
    return Report(differences, notes)


def _well_formed(verb: str, document: Document) -> Document:
    faults = check_shape(document, SHAPES[verb], verb)
    if document.get("format") != DOCUMENT_FORMAT:
        faults.append(f"{verb}.format: must be {DOCUMENT_FORMAT}")
    if faults:
        raise StepError(
            ExitCode.BAD_DOCUMENT,
            f"the document of {verb} is not well formed",
            "The agent on this host is of another release than the library: run pulumi up.",
            faults,
        )
    return document
