"""What name servers, brokers and exporters have in common."""

from typing import Callable, Dict, List, NamedTuple, Optional

from ..errors import StepError
from ..node import drift, identity, release, steps
from ..node.node import Node
from ..node.release import Release
from ..node.role import Role
from ..remoting.errors import RemotingError
from ..steps import Document
from ..system import systemd
from .difference import HOT, MANUAL, RESTART, START, Difference, priced


class Found(NamedTuple):
    """A node that was set up, as far as it was looked at."""

    node: Node
    running: Release
    alive: bool
    differences: List[Difference]


def look(document: Document, unit: str, part_of: Optional[str]) -> Found:
    """Unit, boot and process; raises Missing where there is nothing to compare with."""
    name = document["node"]
    try:
        node = Node(document, unit)
        if "identity" in document:
            identity.check(node, document["identity"])
    except StepError as error:
        raise Missing(Difference(name, "node", "this one", error.message, MANUAL)) from error
    if not node.was_ready:
        raise Missing(Difference(name, "node", "set up", "not on this host", START))
    running = release.current(node)
    if running is None or not release.is_whole(node, running):
        raise Missing(Difference(name, f"{node.folder}/current", "there", "missing", RESTART))
    differences: List[Difference] = []
    if not node.adopted:
        differences += priced(name, HOT, drift.unit_files(node, running, part_of))
    state = systemd.state(node.unit)
    if not state.running:
        differences.append(Difference(name, f"unit {node.unit}", "active", state.active, START))
    elif not node.adopted:
        differences += priced(name, RESTART, drift.process(node, running, state.pid))
    return Found(node, running, state.running, differences)


def note(document: Document) -> List[str]:
    """What is worth knowing of a node and no difference."""
    try:
        node = Node(document, document["release"]["unit"]["name"])
    except StepError:
        return []
    if not node.adopted:
        return []
    return [f"{node.name}: adopted; runs from its old unit {node.unit} until its next restart"]


class Missing(Exception):
    """The node is not there, or is another one."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference.found)
        self.difference = difference


# One of the values is a secret, and nobody knows here which.
_HIDDEN = "[secret]"


class Values(NamedTuple):
    """The keys of a server: what it has now, and what is found out about them."""

    live: Dict[str, str]
    differences: List[Difference]


def compare_values(
    document: Document, found: Found, role: Role, ask: Callable[[], Dict[str, str]]
) -> Values:
    """Desired, last applied, on disk and live."""
    node, running = found.node, found.running
    hot = set(document.get("hot", ()))
    differences = _not_applied(document, node, running, found.alive)
    live: Dict[str, str] = {}
    if found.alive:
        try:
            live = ask()
        except RemotingError as error:
            silent = Difference(node.name, "process", "answers", str(error), MANUAL)
            return Values({}, [*differences, silent])
    if not node.adopted:
        differences += priced(node.name, HOT, drift.conf_file(node, role, running, live))
    elif live:
        filed = drift.old_conf_file(node.adopted["conf"], role, live)
        differences += priced(node.name, MANUAL, filed)
    wanted = document["release"]["conf"]
    online = {key: value for key, value in wanted.items() if key in hot}
    differences += priced(node.name, HOT, drift.live_keys(online, live))
    fixed = running.conf_without(hot)
    own = node.record.get("adjusted")
    differences += priced(node.name, RESTART, drift.live_keys(fixed, live, own))
    if running.is_secret or document["release"].get("secret"):
        differences = [one._replace(expected=_HIDDEN, found=_HIDDEN) for one in differences]
    return Values(live, differences)


def _not_applied(document: Document, node: Node, running: Release, alive: bool) -> List[Difference]:
    """What is wanted and was never applied: an update that failed, or somebody else's."""
    hot = document.get("hot", ())
    try:
        desired = release.resolve(node, document["release"], hot)
    except StepError:
        # Java or package is missing, which the host's own check tells.
        return []
    ignored = steps.hot_keys(running, desired)
    changes = release.compare(running, desired, ignored)
    return [
        Difference(node.name, change.what, change.after, change.before, RESTART)
        for change in changes
    ]
