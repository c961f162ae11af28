"""The default of a broker's key, for one that was taken out of the program.

Best known is the value that the broker had before the key was given. Else `BrokerStartup -p` prints
keys with their defaults and ends; it costs the start of a JVM. On RocketMQ 5 it leaves out the
store's keys (fileReservedTime and the like), so a default can stay unknown.
"""

import os
import re
import tempfile
from typing import Dict, Iterable

from ..host.versions import folder_of
from ..progress import say
from ..system.commands import run
from .node import Node
from .release import Release
from .role import Role

_LINE = re.compile(r"(?:^|\s)([A-Za-z]\w*)=(.*)$")


def remember(node: Node, running: Release, live: Dict[str, str], keys: Iterable[str]) -> None:
    """Note what the broker has for keys that are about to be given for the first time."""
    known = node.record.setdefault("defaults", {}).setdefault(running.version, {})
    for key in keys:
        if key not in running.values and key in live:
            known.setdefault(key, live[key])


def of(node: Node, role: Role, running: Release, keys: Iterable[str]) -> Dict[str, str]:
    """Defaults of the version that runs, as far as they can be known."""
    known: Dict[str, str] = node.record.get("defaults", {}).get(running.version, {})
    if not all(key in known for key in keys):
        known = {**ask(node, role, running), **known}
    return {key: known[key] for key in keys if key in known}


def ask(node: Node, role: Role, running: Release) -> Dict[str, str]:
    """What `-p` prints: every default but, on RocketMQ 5, the store's."""
    say("asking RocketMQ for defaults")
    home = folder_of(node.paths["deploy"], running.version)
    with tempfile.TemporaryDirectory() as folder:
        done = run(
            [
                os.path.join(running.resolved["javaHome"], "bin", "java"),
                "-Xmx128m",
                f"-Duser.home={folder}",
                f"-Drocketmq.home.dir={home}",
                "-cp",
                f"{home}/conf:{home}/lib/*",
                role.main,
                "-p",
            ],
            timeout=60,
            environment={"ROCKETMQ_HOME": home},
        )
    return parse(done.output)


def parse(output: str) -> Dict[str, str]:
    """Keys and values in what BrokerStartup prints, with or without a logger's head."""
    matches = (_LINE.search(line) for line in output.splitlines())
    return {match.group(1): match.group(2).strip() for match in matches if match}
