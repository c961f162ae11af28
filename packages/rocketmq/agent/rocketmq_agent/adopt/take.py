"""The first step of a node that is adopted: compare, and note what runs."""

import os
import stat
from typing import Any, Dict, List, Mapping, Optional

from ..errors import ExitCode, StepError
from ..node import defaults, drift, release
from ..node.node import Node
from ..node.release import Release
from ..node.role import Role
from ..preflight.system import System
from ..progress import say
from ..remoting.errors import RemotingError
from ..result import Result
from ..steps import Document
from ..system import systemd
from ..system.files import read_text
from . import compare, old_unit
from .compare import Problem
from .find import Found, Trouble, find


def candidate(node: Node, document: Document, role: Role) -> Optional[Found]:
    """What is to be adopted: nothing where that was not asked for, was done, or nothing runs."""
    if not document.get("adopt") or node.was_ready:
        return None
    port = int(document["address"].rpartition(":")[2])
    try:
        found = find(System(), port, role.main)
    except Trouble as trouble:
        raise refusal(node, [Problem(trouble.problem, trouble.remedy)]) from trouble
    if found is None:
        if not node.record:
            systemd.check_ours(node.own_unit)
        return None
    if not systemd.state(found.unit).running:
        raise refusal(node, [_let_go(found)])
    return found


def _let_go(found: Found) -> Problem:
    """systemd does not know such a server: neither that it died, nor when it has started."""
    return Problem(
        f"unit {found.unit} has let go of its server (pid {found.pid}): its own process has ended",
        "have its ExecStart run the server in the foreground, without nohup or &, and restart it",
    )


def refusal(node: Node, problems: List[Problem]) -> StepError:
    """One error for all that is in the way."""
    return StepError(
        ExitCode.REFUSED,
        f"{node.name} cannot be adopted (nothing was changed): {problems[0].what}"
        + (f", and {len(problems) - 1} more" if len(problems) > 1 else ""),
        "Mend what is listed, and run pulumi up again.",
        [f"{problem.what} -> {problem.remedy}" for problem in problems],
    )


def silent(error: RemotingError) -> Problem:
    """It is there and cannot be asked."""
    return Problem(f"it does not answer: {error}", "have it answer first, as clients need it too")


def check(
    node: Node,
    role: Role,
    desired: Release,
    live: Mapping[str, str],
    found: Found,
    store: str,
) -> None:
    """Refuse what would lose data or settings, now or with the first restart."""
    filed = drift.parse(read_text(found.conf) or "") if found.conf else {}
    unsaid = compare.unsaid(desired.values, live, filed)
    usual: Dict[str, str] = {}
    if any(key not in compare.USUAL for key in unsaid):
        usual = defaults.ask(node, role, desired)
    problems = compare.conf_problems(desired.values, live, filed, usual, _used_percent(store))
    if store:
        problems += _unreachable(node, store)
    if problems:
        raise refusal(node, problems)


def take(
    node: Node,
    role: Role,
    desired: Release,
    live: Mapping[str, str],
    found: Found,
    stores: List[str],
    result: Result,
) -> None:
    """Make what runs the node's current release; no process and no unit is touched."""
    conf = compare.effective(desired.values, live)
    running = Release({**desired.document, "conf": conf}, desired.hot, desired.resolved)
    number = release.write(node, role, running)
    record: Dict[str, Any] = {
        **old_unit.describe(found.unit),
        "release": number,
        "conf": found.conf,
        "home": live.get("rocketmqHome", ""),
        "stores": stores,
        "kvConfig": live.get(compare.KV_CONFIG, ""),
    }
    if stores:
        owner = os.stat(stores[0])
        record.update(uid=owner.st_uid, gid=owner.st_gid)
    release.point_current(node, number)
    node.record.update(adopted=record, good=number, adjusted=drift.adjusted(conf, dict(live)))
    node.save()
    what = f"{node.name} adopted: it runs on from unit {found.unit} until its next restart"
    say(what)
    result.changed.append(what)
    if not record["links"]:
        result.warnings.append(
            f"unit {found.unit} is not started at boot: systemctl enable {found.unit}"
        )


def stores_of(root: str, conf: Mapping[str, str]) -> List[str]:
    """Folders of a store, the root first."""
    found = [root]
    for key, value in sorted(conf.items()):
        if key.startswith("storePath") and value.startswith("/"):
            # Several commit logs on several disks are separated by commas or colons.
            parts = value.replace(":", ",").split(",")
            found += [one for one in parts if not one.startswith(root.rstrip("/") + "/")]
    return list(dict.fromkeys(path.rstrip("/") for path in found))


def _used_percent(store: str) -> int:
    if not store or not os.path.isdir(store):
        return 0
    space = os.statvfs(store)
    return 100 - space.f_bavail * 100 // max(1, space.f_blocks)


def _unreachable(node: Node, store: str) -> List[Problem]:
    """Folders above the store that our user may not pass: the next restart would fail."""
    account = node.account()
    groups = set(os.getgrouplist(node.user, account.pw_gid))
    path = os.path.dirname(store.rstrip("/"))
    while path not in ("", "/"):
        found = os.stat(path)
        if found.st_uid == account.pw_uid:
            bit = stat.S_IXUSR
        else:
            bit = stat.S_IXGRP if found.st_gid in groups else stat.S_IXOTH
        if not found.st_mode & bit:
            return [
                Problem(
                    f"user {node.user} cannot reach its store {store}: {path} is closed to others",
                    f"let others pass (chmod o+x {path}), or move the store before the adoption",
                )
            ]
        path = os.path.dirname(path)
    return []
