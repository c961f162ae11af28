"""Command line: `rocketmq-agent [--agent F --digest D --home H] VERB < DOCUMENT`.

The options come from the shell prefix. Modules are imported where they are needed, since a step
that finds nothing to do is mostly start-up time.
"""

import sys
from typing import Dict, List, Tuple

from . import __version__

USAGE = """usage: rocketmq-agent VERB < DOCUMENT
  preflight, check, status                          read only
  host, host-delete                                 OS, user, Java, RocketMQ package
  namesrv-config, namesrv-rollout, namesrv-delete, namesrv-purge
  broker-config, broker-rollout, broker-delete, broker-purge
  broker-decommission, broker-may-go                wait for, or ask about, unread messages
  exporter, exporter-delete, exporter-purge
  consul, consul-delete                             registration with the host's Consul agent
  --version | --help"""


def _options(arguments: List[str]) -> Tuple[Dict[str, str], List[str]]:
    """Split off the leading `--name value` pairs of the shell prefix."""
    options: Dict[str, str] = {}
    while len(arguments) >= 2 and arguments[0] in ("--agent", "--digest", "--home"):
        options[arguments[0][2:]] = arguments[1]
        arguments = arguments[2:]
    return options, arguments


def main(argv: List[str]) -> int:
    """Entry point of the archive; returns the exit code."""
    options, arguments = _options(argv[1:])
    verb = arguments[0] if arguments else ""
    if verb == "--version":
        print(f"rocketmq-agent {__version__}")
        return 0
    if verb == "exporter-serve":
        from .exporter import main as serve

        return int(serve(arguments[1:]) or 0)
    if verb == "--work":
        from .worker import work

        return work(arguments[1])
    if verb == "--reopen":
        from .node.lease import guard

        return guard(arguments[1])
    from .steps import VERBS

    if verb not in VERBS or len(arguments) != 1:
        print(USAGE, file=sys.stdout if verb in ("--help", "-h", "help") else sys.stderr)
        return 0 if verb in ("--help", "-h", "help") else 64
    from .front import front

    return front(
        verb, argv[0], options.get("agent", argv[0]), options.get("digest", ""), options.get("home")
    )
