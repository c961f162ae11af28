"""How long a node may take to stop: systemd takes a new time over without a restart."""

import os
import re

from ..result import Result
from ..system import systemd
from ..system.files import write_text
from . import release
from .node import Node
from .release import Release

# What it is called among the differences of two releases.
NAME = "stopTimeout"


def apply(node: Node, running: Release, desired: Release, result: Result) -> None:
    """Have the unit of the running release, here and in the release's folder, say the new time."""
    assert running.number is not None
    before = running.document["unit"][NAME]
    wanted = desired.document["unit"][NAME]
    if before == wanted:
        return
    text = re.sub(
        r"^TimeoutStopSec=.*$",
        f"TimeoutStopSec={wanted}",
        release.unit_text(node, running.number),
        flags=re.MULTILINE,
    )
    write_text(os.path.join(node.releases, running.number, f"{node.own_unit}.service"), text)
    running.document = {
        **running.document,
        "unit": {**running.document["unit"], NAME: wanted},
    }
    release.update_record(node, running)
    # An adopted node's old unit is stopped with this time, whatever it says itself.
    if not node.adopted and systemd.write(node.unit, text):
        systemd.reload()
    result.changed.append(f"{NAME} {before} -> {wanted}")
