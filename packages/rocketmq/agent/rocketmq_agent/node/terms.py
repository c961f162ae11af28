"""What a restart goes by, and is no reason for one.

A rollout step is to run when a restart is due, so its document has nothing but what a process
starts with. The rest is in the document of the config step, which notes it here.
"""

from typing import Any, Dict

from ..errors import ExitCode, StepError
from ..steps import Document
from .node import Node

_KEY = "terms"


def note(node: Node, document: Document) -> None:
    """Keep what the next rollout of the node is to go by."""
    put(node, _of(document))


def put(node: Node, terms: Any) -> None:
    """Keep these terms, as `noted` gave them."""
    if node.record.get(_KEY) != terms:
        node.record[_KEY] = terms
        node.save()


def noted(node: Node) -> Any:
    """What is kept; None for a node whose config step has never ended well."""
    return node.record.get(_KEY)


def complete(node: Node, document: Document) -> Document:
    """The document of a rollout, with what its config step noted."""
    terms = noted(node)
    if terms is None:
        raise never_started(node)
    release = document["release"]
    return {
        **terms["document"],
        **document,
        "release": {
            **release,
            "java": {**terms["java"], **release["java"]},
            "unit": {**terms["unit"], **release["unit"]},
        },
    }


def never_started(node: Node) -> StepError:
    """The refusal of a rollout that comes before its config step."""
    return StepError(
        ExitCode.REFUSED,
        f"{node.name} was never started on this host",
        "Its config step does that: run pulumi up without --target.",
    )


def _of(document: Document) -> Dict[str, Any]:
    release = document["release"]
    return {
        "document": {key: document[key] for key in ("namesrv", "drain") if key in document},
        "java": {"install": release["java"]["install"]},
        "unit": {"stopTimeout": release["unit"]["stopTimeout"]},
    }
