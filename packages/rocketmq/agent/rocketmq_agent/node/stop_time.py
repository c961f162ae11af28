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
    write_text(os.path.join(node.releases, running.number, f"{node.unit}.service"), text)
    running.document = {
        **running.document,
        "unit": {**running.document["unit"], NAME: wanted},
    }
    release.update_record(node, running)
    if systemd.write(node.unit, text):
        systemd.reload()
    result.changed.append(f"{NAME} {before} -> {wanted}")
