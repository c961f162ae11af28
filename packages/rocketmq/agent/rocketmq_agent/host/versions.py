"""Where RocketMQ versions are on a host (apart from package.py, which is slow to load)."""

import os

# Beside the distribution's own files: where it came from. Written last, so that a version without
# it is not installed.
RECORD = ".rocketmq-agent.json"


def folder_of(deploy: str, version: str) -> str:
    """Where a version is installed."""
    return os.path.join(deploy, "versions", version)
