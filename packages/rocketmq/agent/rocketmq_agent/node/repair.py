"""What `reconcile` repairs of a name server or broker.

Everything but a restart is done by its first step, at once; a restart by its rollout, in turn.
"""

import os
from typing import List

from ..progress import say
from ..remoting.errors import RemotingError
from ..result import Result
from ..system import systemd
from ..system.files import make_folder
from . import drift, lifecycle, release
from .lifecycle import Server
from .release import Release
from .role import Role


def in_place(server: Server, role: Role, desired: Release, result: Result) -> None:
    """Put back what is gone or was changed, and start what somebody stopped."""
    node = server.node
    running = _whole(server, role, desired, result)
    lifecycle.restore(server, result)
    alive = systemd.state(node.unit).running
    if node.adopted:
        # Its files are somebody else's until its next restart.
        if not alive:
            lifecycle.settle(server, result)
        return
    try:
        live = server.live() if alive else {}
    except RemotingError:
        # It has just been started, or hangs: the gate waits for it, or fails with what it logged.
        lifecycle.settle(server, result)
        live = server.live()
    wrong = drift.conf_file(node, role, running, live)
    if wrong:
        write_conf(server, role, running)
        result.changed += _told(wrong, running)
    if not alive:
        lifecycle.settle(server, result)


def _whole(server: Server, role: Role, desired: Release, result: Result) -> Release:
    """The current release, written again where it is gone."""
    node = server.node
    running = release.current(node)
    if running is not None and release.is_whole(node, running):
        return running
    node.make_folders()
    number = release.write(node, role, desired)
    release.point_current(node, number)
    node.record["good"] = number
    node.save()
    result.changed.append(f"{node.name}: its release was gone and is written again")
    return desired


def restart_reasons(server: Server, running: Release) -> List[str]:
    """In what the running process is not what the release says; nothing where nothing runs."""
    node = server.node
    state = systemd.state(node.unit)
    if not state.running:
        return []
    try:
        live = server.live()
    except RemotingError:
        # It may be reading its store, which a restart would begin anew. The gate waits for it.
        live = {}
    fixed = running.conf_without(running.hot)
    wrong = [] if node.adopted else drift.process(node, running, state.pid)
    wrong += drift.live_keys(fixed, live, node.record.get("adjusted"))
    return _told(wrong, running)


def _told(wrong: List[drift.Drift], running: Release) -> List[str]:
    if running.is_secret:
        return [one.what for one in wrong]
    return [f"{one.what} {one.found} -> {one.expected}" for one in wrong]


def restart(server: Server, role: Role, running: Release, why: List[str], result: Result) -> None:
    """Restart a node with the release that it has, its files rendered afresh."""
    if server.node.adopted:
        # Its next restart is the one that ends the adoption.
        release.write(server.node, role, running)
    assert running.number is not None
    say(f"{server.node.name}: {', '.join(why)}")

    def before_start() -> None:
        # Not before the stop: closing it for writes has the broker write its file.
        write_conf(server, role, running)
        server.before_start()

    fresh = server._replace(before_start=before_start)
    lifecycle.switch(fresh, running.number, result)
    result.changed.append(f"restarted: {', '.join(why)}")


def write_conf(server: Server, role: Role, running: Release) -> None:
    """Render the conf file of the release."""
    folder = os.path.join(server.node.releases, str(running.number))
    account = server.node.account()
    make_folder(os.path.join(folder, "conf"), 0o750, account.pw_uid, account.pw_gid)
    release.write_conf(server.node, role, running, folder)
