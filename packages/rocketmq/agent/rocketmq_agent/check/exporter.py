"""The exporter."""

from typing import List

from ..node import exporter, release
from ..node.node import Node
from ..steps import Document
from .difference import RESTART, Difference
from .node import Missing, look


def check(document: Document) -> List[Difference]:
    """What its step would change, with `reconcile`."""
    try:
        found = look(document, document["unit"]["name"], None)
    except Missing as missing:
        return [missing.difference]
    return found.differences + _not_applied(found.node, found.running, document)


def _not_applied(node: Node, running: release.Release, document: Document) -> List[Difference]:
    return [
        Difference(
            node.name,
            key,
            str(document.get(key)),
            str(running.document.get(key)),
            RESTART,
        )
        for key in exporter.KEYS
        if running.document.get(key) != document.get(key)
    ] + [
        Difference(node.name, path, "there", "missing", RESTART)
        for path in exporter.missing_files(node, running)
    ]
