"""What a restart goes by, and is no reason for one.

A rollout step is to run when a restart is due, so its document has nothing but what a process
starts with. The rest is in the document of the config step, which notes it here.
"""

from typing import Any, Dict

from ..errors import ExitCode, StepError
from ..steps import Document
from . import release
from .node import Node

_KEY = "terms"


def note(node: Node, document: Document) -> None:
    """Keep what the next rollout of the node is to go by."""
    terms = _of(document)
    if node.record.get(_KEY) != terms:
        node.record[_KEY] = terms
        node.save()


def complete(node: Node, document: Document) -> Document:
    """The document of a rollout, with what its config step noted."""
    terms = node.record.get(_KEY) or _of_what_runs(node)
    wanted = document["release"]
    return {
        **terms["document"],
        **document,
        "release": {
            **wanted,
            "java": {**terms["java"], **wanted["java"]},
            "unit": {**terms["unit"], **wanted["unit"]},
        },
    }


def _of_what_runs(node: Node) -> Dict[str, Any]:
    """The terms of a node whose config step was that of an agent that noted none."""
    running = release.current(node) if node.was_ready else None
    if running is None:
        raise never_started(node)
    namesrv = running.values.get("namesrvAddr", "").split(";")
    # Its config step has noted a drain, had it one: that is part of the document now.
    return _of({"namesrv": [one for one in namesrv if one], "release": running.document})


def never_started(node: Node) -> StepError:
    """The refusal of a rollout that comes before its config step."""
    return StepError(
        ExitCode.REFUSED,
        f"{node.name} was never started on this host",
        "Its config step does that: run pulumi up without --target.",
    )


def _of(document: Document) -> Dict[str, Any]:
    wanted = document["release"]
    return {
        "document": {key: document[key] for key in ("namesrv", "drain") if key in document},
        "java": {"install": wanted["java"]["install"]},
        "unit": {"stopTimeout": wanted["unit"]["stopTimeout"]},
    }
