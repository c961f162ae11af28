"""Unit files."""

import re
from typing import Dict, List, NamedTuple, Optional

from ..system.systemd import MARK

UMBRELLA = "mqbroker"


class Service(NamedTuple):
    """What the unit of a node says."""

    description: str
    command: List[str]
    environment: Dict[str, str]
    user: str
    folder: str
    nofile: int
    stop_timeout: int
    # The unit that stops and starts this one with itself.
    part_of: Optional[str]

    @property
    def wanted_by(self) -> str:
        """What starts it at boot."""
        return f"{self.part_of}.service" if self.part_of else "multi-user.target"


def render(service: Service) -> str:
    """The unit file of a node.

    Java is the main process, without a shell in between, so systemd knows whether it lives.
    Exit code 143 is how Java ends after SIGTERM, which is how it is stopped.
    """
    lines = [
        f"{MARK}; changes here are overwritten.",
        "[Unit]",
        f"Description={_plain(service.description)}",
        "Documentation=https://rocketmq.apache.org/docs/",
        "Wants=network-online.target",
        "After=network-online.target",
    ]
    if service.part_of:
        # After it, so that stopping the umbrella waits until this one has stopped.
        lines += [f"PartOf={service.part_of}.service", f"After={service.part_of}.service"]
    lines += [
        "",
        "[Service]",
        "Type=simple",
        f"User={service.user}",
        f"WorkingDirectory={service.folder}",
        *(f"Environment={quote(f'{key}={value}')}" for key, value in service.environment.items()),
        "ExecStart=" + " \\\n  ".join(quote(part).replace("$", "$$") for part in service.command),
        "SuccessExitStatus=143",
        "Restart=on-failure",
        "RestartSec=5",
        f"TimeoutStopSec={service.stop_timeout}",
        f"LimitNOFILE={service.nofile}",
        # AlwaysPreTouch and mlock of the store's mapped files.
        "LimitMEMLOCK=infinity",
        # The default (15 % of the system's) is less than a busy broker's threads.
        "TasksMax=infinity",
        "NoNewPrivileges=yes",
        "UMask=0027",
        "",
        "[Install]",
        f"WantedBy={service.wanted_by}",
        "",
    ]
    return "\n".join(lines)


def command_of(text: str) -> List[str]:
    """The command of a unit file that `render` made: what its process was started with."""
    match = re.search(r"^ExecStart=((?:.* \\\n)*.*)$", text, re.MULTILINE)
    parts = match.group(1).split(" \\\n") if match else []
    return [_unquote(part.strip()) for part in parts]


def umbrella() -> str:
    """`mqbroker`: stops and starts every broker of the machine."""
    return "\n".join(
        [
            f"{MARK}; changes here are overwritten.",
            "[Unit]",
            "Description=Apache RocketMQ brokers of this machine (mqbroker@...)",
            "",
            "[Service]",
            "Type=oneshot",
            "RemainAfterExit=yes",
            "ExecStart=/bin/true",
            "",
            "[Install]",
            "WantedBy=multi-user.target",
            "",
        ]
    )


def quote(text: str) -> str:
    """A word of ExecStart= or Environment=; % is systemd's own, as are backslashes and quotes.

    So is $, but only in ExecStart=: that is left to the caller.
    """
    escaped = text.replace("\\", "\\\\").replace("%", "%%")
    if escaped and not any(sign in escaped for sign in " \t\"';"):
        return escaped
    return '"' + escaped.replace('"', '\\"') + '"'


def _unquote(text: str) -> str:
    """What `quote` and the doubling of $ were applied to."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('\\"', '"')
    return text.replace("$$", "$").replace("%%", "%").replace("\\\\", "\\")


def _plain(text: str) -> str:
    return text.replace("%", "%%").replace("\n", " ")


def node_of(text: str) -> str:
    """The node that a unit file of ours runs; empty where that cannot be told."""
    found = re.search(r"/nodes/([^/\s]+)/releases/", text)
    return found.group(1) if found else ""
