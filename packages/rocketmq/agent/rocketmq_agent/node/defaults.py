"""The default of a broker's key, from RocketMQ itself.

`BrokerStartup -p` prints every key with its default and ends. It costs the start of a JVM, which
only a hot key that was taken out of the program is worth.
"""

import os
import re
import tempfile
from typing import Dict, Iterable

from ..errors import ExitCode, StepError
from ..host.package import folder_of
from ..progress import say
from ..system.commands import run
from .node import Node
from .release import Release
from .role import Role

_LINE = re.compile(r"(?:^|\s)([A-Za-z]\w*)=(.*)$")


def of(node: Node, role: Role, running: Release, keys: Iterable[str]) -> Dict[str, str]:
    """Defaults of the version that runs."""
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
    found = parse(done.output)
    missing = [key for key in keys if key not in found]
    if missing:
        raise StepError(
            ExitCode.GATE_FAILED,
            f"the default of {', '.join(missing)} could not be found out",
            "Give the key with the value that you want, instead of leaving it out.",
            done.output.strip().splitlines()[-3:],
        )
    return {key: found[key] for key in keys}


def parse(output: str) -> Dict[str, str]:
    """Keys and values in what BrokerStartup prints, with or without a logger's head."""
    matches = (_LINE.search(line) for line in output.splitlines())
    return {match.group(1): match.group(2).strip() for match in matches if match}
