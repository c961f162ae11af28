"""What the config and rollout steps of name servers and brokers have in common."""

from typing import Any, Dict, Iterable, List

from ..progress import say
from ..result import Result
from ..system import systemd
from . import lifecycle, release, repair, stop_time, terms
from .lifecycle import Server
from .release import Release
from .role import Role


def start_or_stage(server: Server, role: Role, desired: Release, result: Result) -> bool:
    """The config step: start what never was ready, stage what needs a restart; whether started."""
    node = server.node
    describe(desired, result)
    if not node.was_ready:
        _first(server, role, desired, result)
        return True
    if server.reconcile:
        repair.in_place(server, role, desired, result)
    running = release.current(node)
    assert running is not None
    stop_time.apply(node, running, desired, result)
    ignored = hot_keys(running, desired)
    found = release.differences(running, desired, ignored)
    if not found:
        if release.unstage(node):
            result.changed.append("what was staged is not wanted any more")
        node.save()
        return False
    # For the program, which sees whether Pulumi runs the rollout that this is meant for.
    result.facts["staged"] = ", ".join(found)
    _stage(server, role, desired, found, result)
    return False


def _first(server: Server, role: Role, desired: Release, result: Result) -> None:
    node = server.node
    node.make_folders()
    running = release.current(node)
    if running and not release.differences(running, desired, ()) and lifecycle.runs_current(node):
        # An earlier step was cut off between start and gate.
        lifecycle.settle(server, result)
        return
    lifecycle.first_start(server, release.write(node, role, desired), result)
    release.prune(node)


def _stage(server: Server, role: Role, desired: Release, found: List[str], result: Result) -> None:
    node = server.node
    waiting = release.staged(node)
    if waiting is not None and not release.differences(waiting, desired, ()):
        return
    release.stage(node, release.write(node, role, desired))
    node.save()
    release.prune(node)
    say(f"{node.name}: staged for the next restart: {', '.join(found)}")
    result.changed.append(f"staged for the rolling restart: {', '.join(found)}")


def roll(server: Server, role: Role, wanted: Release, result: Result) -> None:
    """The rollout step: nothing but the gate if it runs as desired, else switch to it.

    `wanted` has no hot keys: those of the current release go along.
    """
    node = server.node
    running = release.current(node)
    if running is None or not node.was_ready:
        raise terms.never_started(node)
    describe(wanted, result)
    found = release.differences(running, wanted, [stop_time.NAME, *running.hot])
    if found:
        _switch(server, role, wanted, running, found, result)
    elif systemd.state(node.unit).running and not lifecycle.runs_current(node):
        # A switch was cut off between the link and the restart.
        assert running.number is not None
        lifecycle.switch(server, running.number, result)
        result.changed.append(f"restarted with release {running.number}")
    elif server.reconcile and _restarted(server, role, running, result):
        return
    else:
        lifecycle.settle(server, result)


def _restarted(server: Server, role: Role, running: Release, result: Result) -> bool:
    why = repair.restart_reasons(server, running)
    if why:
        repair.restart(server, role, running, why, result)
    return bool(why)


def _switch(
    server: Server,
    role: Role,
    wanted: Release,
    running: Release,
    found: List[str],
    result: Result,
) -> None:
    node = server.node
    target = release.staged(node)
    if target is None or release.differences(target, wanted, target.hot):
        target = with_hot(wanted, running)
        release.write(node, role, target)
    assert target.number is not None
    say(f"{node.name}: {', '.join(found)}")
    lifecycle.switch(server, target.number, result)
    result.changed.append(f"restarted: {', '.join(found)}")


def with_hot(wanted: Release, running: Release) -> Release:
    """A release without hot keys, with those of another one."""
    hot = {key: value for key, value in running.values.items() if key in running.hot}
    document: Dict[str, Any] = {**wanted.document, "conf": {**hot, **wanted.values}}
    return Release(document, [key for key in hot if key not in wanted.values], wanted.resolved)


def hot_keys(running: Release, desired: Release) -> Iterable[str]:
    """What is no reason to restart where it differs.

    Those that are hot now, and those that were and are not given any more: they go back to their
    default without a restart. A key that was hot and is given still counts as any other.
    """
    return {
        stop_time.NAME,
        *desired.hot,
        *(key for key in running.hot if key not in desired.values),
    }


def describe(desired: Release, result: Result) -> None:
    """What was computed on the host."""
    result.facts["javaHome"] = str(desired.resolved["javaHome"])
    result.facts["heapMb"] = str(desired.resolved["heapMb"])
    if "directMb" in desired.resolved:
        result.facts["directMb"] = str(desired.resolved["directMb"])
