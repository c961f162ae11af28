"""A node on this host: where its things are, and what is remembered of it."""

import os
import pwd
from typing import Any, Dict, Optional

from .. import state
from ..errors import ExitCode, StepError
from ..steps import Document
from ..system import systemd
from ..system.files import make_folder, read_json, unlink, write_json


class Node:
    """One name server, broker or exporter, by the document of a step."""

    def __init__(self, document: Document, unit: str) -> None:
        self.name: str = document["node"]
        self.cluster: str = document["cluster"]
        self.user: str = document["user"]
        # The unit that we write for it; what runs it now is `unit`.
        self.own_unit = unit
        self._may_adopt = bool(document.get("adopt"))
        self.paths: Dict[str, str] = document["paths"]
        self.folder = os.path.join(self.paths["deploy"], "nodes", self.name)
        self.releases = os.path.join(self.folder, "releases")
        self.data = os.path.join(self.paths["data"], self.name)
        self.gc_logs = os.path.join(self.data, "logs")
        # RocketMQ's own, below -Duser.home.
        self.logs = os.path.join(self.data, "logs", "rocketmqlogs")
        self._record_path = record_path(self.name)
        self.record: Dict[str, Any] = read_json(self._record_path) or {}
        self._check_owner()

    @property
    def adopted(self) -> Optional[Dict[str, Any]]:
        """What is known of the unit that somebody else wrote, while that one is to run the node."""
        record: Optional[Dict[str, Any]] = self.record.get("adopted")
        current = os.path.join(self.folder, "current")
        if record is None or not os.path.islink(current):
            return None
        return record if os.path.basename(os.readlink(current)) == record.get("release") else None

    @property
    def unit(self) -> str:
        """The unit that runs it, without `.service`."""
        adopted = self.adopted
        return str(adopted["unit"]) if adopted else self.own_unit

    @property
    def was_ready(self) -> bool:
        """Whether it has ever passed its gate: before that there is nothing to keep running."""
        return bool(self.record.get("good"))

    def save(self) -> None:
        """Remember what `record` says."""
        self.record.update(
            cluster=self.cluster,
            unit=self.own_unit,
            paths=self.paths,
            node=self.name,
            user=self.user,
        )
        os.makedirs(os.path.dirname(self._record_path), mode=0o755, exist_ok=True)
        write_json(self._record_path, self.record)

    def make_folders(self) -> None:
        """Make its folders; those that the process writes to belong to the user."""
        account = self.account()
        make_folder(self.folder, 0o755)
        make_folder(self.releases, 0o755)
        for folder in (self.data, self.gc_logs):
            make_folder(folder, 0o750, account.pw_uid, account.pw_gid)

    def account(self) -> "pwd.struct_passwd":
        """The user that it runs as."""
        try:
            return pwd.getpwnam(self.user)
        except KeyError:
            raise StepError(
                ExitCode.REFUSED,
                f"user {self.user} is not on the host",
                "The host step makes it: run that first (pulumi up without --target).",
            ) from None

    def _check_owner(self) -> None:
        """Refuse what belongs to somebody else."""
        if not self.record:
            if not self._may_adopt:
                systemd.check_ours(self.own_unit)
            return
        mine_by_key = {
            "cluster": self.cluster,
            "unit": self.own_unit,
            "paths": self.paths,
            # Its files belong to that user, some of them while it runs.
            "user": self.user,
        }
        for key, mine in mine_by_key.items():
            theirs = self.record.get(key)
            if theirs != mine:
                raise StepError(
                    ExitCode.REFUSED,
                    f"node {self.name} of this host has {key} {_shown(theirs)}, not {_shown(mine)}",
                    "Use another machine, or delete that node first"
                    + (f" (cluster {self.record.get('cluster')})." if key == "cluster" else "."),
                )


def record_path(name: str) -> str:
    """Where a node is remembered."""
    return state.path("nodes", f"{name}.json")


def forget(name: str) -> None:
    """Remember nothing of a node."""
    unlink(record_path(name))


def _shown(value: Optional[Any]) -> str:
    if isinstance(value, dict):
        return " and ".join(f"{key} {text}" for key, text in sorted(value.items()))
    return str(value)
