"""A name server."""

from typing import List

from ..node.reach import Reach
from ..node.role import NAMESRV
from ..remoting.admin import get_namesrv_config
from ..steps import Document
from .difference import Difference
from .node import Missing, compare_values, look


def check(document: Document) -> List[Difference]:
    """What its steps would change, with `reconcile`."""
    try:
        found = look(document, document["release"]["unit"]["name"], NAMESRV.part_of)
    except Missing as missing:
        return [missing.difference]
    address = Reach(found.node, document).local()
    values = compare_values(document, found, NAMESRV, lambda: get_namesrv_config(address))
    return found.differences + values.differences
