"""Where the agent keeps what it must remember on a host."""

import os
from typing import Any, Dict

from .system.files import read_json, write_json

# Overridden by unit tests only.
ROOT = "/var/lib/rocketmq-agent"


def path(*parts: str) -> str:
    """A path below the agent's own folder."""
    return os.path.join(ROOT, *parts)


def ensure() -> None:
    """Make the agent's folders. Documents of steps may hold what only root should read."""
    os.makedirs(path("lib"), mode=0o755, exist_ok=True)
    os.makedirs(path("steps"), mode=0o700, exist_ok=True)


def read_host() -> Dict[str, Any]:
    """What is remembered of the host: clusters, tuned keys with their old values, user."""
    return read_json(path("host.json")) or {}


def write_host(host: Dict[str, Any]) -> None:
    """Remember it."""
    ensure()
    write_json(path("host.json"), host, mode=0o600)
