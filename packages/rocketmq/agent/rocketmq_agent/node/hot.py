"""Hot keys: changed in the running broker, which also writes them to its file.

Compared three ways: what was applied last (the release's record), what is desired, and what the
broker has now. Never by the file, since the broker rewrites that with every key it knows.
"""

from typing import Any, Callable, Dict, Iterable, List, NamedTuple

from ..progress import say
from ..remoting.admin import get_broker_config, update_broker_config
from ..remoting.errors import RemotingError
from ..remoting.properties import same_value
from ..result import Result
from . import defaults, release
from .node import Node
from .release import Release
from .role import Role


class Due(NamedTuple):
    """What is to be sent, and how to tell of it."""

    changes: Dict[str, str]
    phrases: List[str]


def keys(running: Release, desired: Release) -> Iterable[str]:
    """Keys that the broker that runs applies at once: hot in its own version too."""
    if running.version == desired.version:
        return set(desired.hot)
    return set(desired.hot) & set(running.hot)


def removed(running: Release, desired: Release) -> List[str]:
    """Hot keys that were given and are not any more."""
    return sorted(key for key in running.hot if key in running.values and key not in desired.values)


def compare(last: Dict[str, str], desired: Dict[str, str], live: Dict[str, str]) -> Due:
    """What to send so that the broker has what is desired."""
    changes: Dict[str, str] = {}
    phrases: List[str] = []
    for key in sorted(desired):
        now = live.get(key)
        if now is not None and same_value(now, desired[key]):
            continue
        changes[key] = desired[key]
        strange = key in last and now is not None and not same_value(now, last[key])
        by = " (was changed by somebody else)" if strange else ""
        phrases.append(f"{key} {now} -> {desired[key]}{by}")
    return Due(changes, phrases)


def apply(
    node: Node, role: Role, running: Release, desired: Release, address: str, result: Result
) -> Callable[[], bool]:
    """Have the running broker take the hot keys, and keep them in its release's record.

    Returns what takes that back, and tells whether there was anything: a step that fails later on
    must not leave them in force, as who then takes the change back has nothing to run.
    """
    before: Dict[str, str] = {}
    hot = keys(running, desired)
    wanted = {key: value for key, value in desired.values.items() if key in hot}
    gone = removed(running, desired)
    if gone:
        found = defaults.of(node, role, running, gone)
        wanted.update(found)
        result.warnings += [
            f"{key} keeps its value until the next rolling restart, as its default"
            " is not known: give it the value that you want"
            for key in gone
            if key not in found
        ]
    if wanted:
        live = get_broker_config(address)
        defaults.remember(node, running, live, wanted)
        due = compare(running.values, wanted, live)
        phrases = list(due.changes) if desired.is_secret or running.is_secret else due.phrases
        before = {key: live[key] for key in due.changes if key in live}
        if due.changes:
            try:
                update_broker_config(address, due.changes)
            except RemotingError:
                # Some of them may have taken.
                _send_back(node, address, before)
                raise
            result.changed += phrases
    document, names = running.document, running.hot
    noted = keep(node, running, desired)

    def undo() -> bool:
        _send_back(node, address, before)
        if noted:
            running.document, running.hot = document, names
            release.update_record(node, running)
        return noted or bool(before)

    return undo


def _send_back(node: Node, address: str, before: Dict[str, str]) -> None:
    """Never fails: the first error is the one to tell."""
    if not before:
        return
    told = ", ".join(before)
    try:
        update_broker_config(address, before)
        say(f"{node.name}: put back: {told}")
    except RemotingError as error:
        say(f"{node.name} could not be given back {told}: {error}")


def keep(node: Node, running: Release, desired: Release) -> bool:
    """Note in the record of the running release what was applied; whether it is news."""
    hot = set(keys(running, desired))
    values = running.conf_without(removed(running, desired))
    values.update({key: value for key, value in desired.values.items() if key in hot})
    same = running.version == desired.version
    names = sorted(desired.hot) if same else [key for key in running.hot if key in values]
    if values == running.values and names == running.hot:
        return False
    document: Dict[str, Any] = {**running.document, "conf": values}
    updated = Release(document, names, running.resolved)
    updated.number = running.number
    release.update_record(node, updated)
    running.document, running.hot = updated.document, updated.hot
    return True
