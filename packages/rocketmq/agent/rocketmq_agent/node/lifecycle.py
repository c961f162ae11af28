"""Starting a node for the first time, and switching it to another release.

A switch is a transaction: if the new release does not pass the gate, or anything else fails on the
way, the last good one is put back and started, and the step fails with what the new one logged.
"""

import contextlib
import os
import traceback
from typing import (
    Any,
    Callable,
    ContextManager,
    Dict,
    Iterator,
    List,
    NamedTuple,
    NoReturn,
    Optional,
)

from ..adopt import old_unit
from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.errors import RemotingError
from ..result import Result
from ..system import systemd
from ..system.files import read_text
from . import drift, release, unit
from .gate import Check, Gate, wait
from .logs import LogMark
from .node import Node

# A start with an empty or cleanly closed store. A 5.5.0 broker takes 3 to 8 s; registering with a
# name server that came up later than the broker can take another 30 s. On a machine that is short
# of processors a first start of 5.5.0 took more than 120 s.
START_SECONDS = 180
# A start that must recover a store that was not closed cleanly reads through its last files.
RECOVERY_SECONDS = 900


@contextlib.contextmanager
def _nothing() -> Iterator[None]:
    yield


class Server(NamedTuple):
    """A node as something that is started and stopped."""

    node: Node
    check: Check
    log_files: List[str]
    part_of: Optional[str]
    # The store's root folder; nothing for a node without one.
    store: str = ""
    # What grows while it gets ready, for a node that copies much before it is.
    progress: Callable[[], Optional[int]] = lambda: None
    # Done between the decision to stop the running release and the stop.
    before_stop: Callable[[], None] = lambda: None
    # Done when the running release has stopped, before anything else is started.
    after_stop: Callable[[], None] = lambda: None
    # Done when everything is in place for a start.
    before_start: Callable[[], None] = lambda: None
    # Every key that the running process has.
    live: Callable[[], Dict[str, str]] = dict
    # Repair what differs, too (the document's `reconcile`).
    reconcile: bool = False
    # Around a restart: what clients must be spared meanwhile.
    around: Callable[[Result], ContextManager[None]] = lambda _: _nothing()
    # Of an adopted node, when its old process has stopped for good: what ours is to go on with.
    hand_over: Callable[[Dict[str, Any]], None] = lambda _: None

    @property
    def abort_file(self) -> str:
        """RocketMQ makes this file at its start, and removes it at a clean end."""
        return os.path.join(self.store, "abort") if self.store else ""


def first_start(server: Server, number: str, result: Result) -> None:
    """Put a release in place, start it, and wait until it is ready.

    A node that does not become ready is stopped again: there is no good release to go back to,
    and one that dies and is started for ever helps nobody.
    """
    node = server.node
    if systemd.state(node.unit).pid:
        systemd.stop(node.unit, _stop_timeout(node))
    _install(server, number)
    say(f"{node.name}: starting")
    try:
        seconds = _start(server, _timeout(server, START_SECONDS), "did not start")
    except Exception:
        systemd.stop(node.unit, _stop_timeout(node))
        systemd.disable(node.unit, _target(server))
        raise
    _mark_good(node, number)
    result.changed.append(f"{node.name} started")
    say(f"{node.name}: ready after {seconds:.1f} s")


def switch(server: Server, number: str, result: Result) -> None:
    """Stop what runs, start another release; undone if that does not become ready."""
    with server.around(result):
        _switch(server, number, result)


def _switch(server: Server, number: str, result: Result) -> None:
    node = server.node
    good = str(node.record.get("good") or "")
    server.before_stop()
    say(f"{node.name}: stopping")
    stop_timeout = _stop_timeout(node)
    adopted = node.adopted
    stopped = False
    try:
        if adopted is None:
            _install(server, number)
            stop(server, stop_timeout, result)
        else:
            _leave(server, adopted, number, result)
        stopped = True
        server.after_stop()
        say(f"{node.name}: starting release {number}")
        seconds = _start(server, _timeout(server, START_SECONDS), "did not become ready")
    except Exception as error:
        if not _is_other(node, good, number):
            if stopped and not systemd.state(node.unit).pid:
                # What failed lies between stop and start: it shall serve all the same.
                with contextlib.suppress(StepError):
                    systemd.start(node.unit)
            raise
        failure = _failure(node, error)
        if not stopped and _is_of(systemd.state(node.unit), node, good):
            _run_on(server, good, failure)
        with contextlib.suppress(OSError):
            # Only so that the next rollout need not write it again.
            release.stage(node, number)
        _go_back(server, good, failure, result)
    _mark_good(node, number)
    release.unstage(node)
    release.prune(node)
    result.restarted = True
    say(f"{node.name}: ready after {seconds:.1f} s")


def settle(server: Server, result: Result) -> None:
    """Have the current release ready: started where somebody stopped it, else only the gate.

    It may be one that a switch was cut off at (the machine was switched off): if that does not
    become ready, the last good one is put back here.
    """
    node = server.node
    running = release.current(node)
    assert running is not None and running.number is not None
    good = str(node.record.get("good") or "")
    restore_unit(node, result)
    try:
        if systemd.state(node.unit).running:
            mark = LogMark(node.unit, node.logs, server.log_files)
            wait(node, Gate(server.check, START_SECONDS, server.progress), mark, "is not ready")
        else:
            say(f"{node.name}: is stopped; starting")
            seconds = _start(server, _timeout(server, START_SECONDS), "did not start")
            result.changed.append(f"{node.name} started again")
            say(f"{node.name}: ready after {seconds:.1f} s")
    except Exception as error:
        if not _is_other(node, good, running.number):
            raise
        _go_back(server, good, _failure(node, error), result)
    _mark_good(node, running.number)


def runs_current(node: Node) -> bool:
    """Whether the process is that of the current release (not of one before a cut switch)."""
    state = systemd.state(node.unit)
    running = release.current(node)
    if not state.running or running is None:
        return False
    return bool(node.adopted) or _is_of(state, node, str(running.number))


def _is_of(state: systemd.State, node: Node, number: str) -> bool:
    """Whether the process is that of a release of ours."""
    folder = os.path.join(node.releases, number) + os.sep
    return state.running and any(
        part.startswith(folder) for part in systemd.command_line(state.pid)
    )


def restore_unit(node: Node, result: Result) -> None:
    """Put the current release's unit file back if somebody changed it."""
    if node.adopted:
        return
    running = release.current(node)
    assert running is not None and running.number is not None
    if systemd.write(node.unit, release.unit_text(node, running.number)):
        systemd.reload()
        result.changed.append(f"unit {node.unit} put back")


def restore(server: Server, result: Result) -> None:
    """Put back what the current release has in systemd's folder: its unit, and that it boots."""
    if server.node.adopted:
        return
    running = release.current(server.node)
    assert running is not None and running.number is not None
    if _put_units(server, running.number):
        systemd.reload()
        result.changed.append(f"unit {server.node.unit} put back")


def stop(server: Server, timeout: int, result: Result) -> None:
    """Stop a node, and see that it closed its store."""
    node = server.node
    if node.adopted:
        old_unit.stop(node.unit, timeout)
    else:
        systemd.stop(node.unit, timeout)
    if server.abort_file and os.path.exists(server.abort_file):
        result.warnings.append(
            f"{node.name} did not close its store cleanly ({server.abort_file} is still there):"
            " the next start recovers it"
        )


def remove_unit(unit_name: str, part_of: Optional[str]) -> None:
    """Take a unit off the host; and its umbrella when nothing is below it any more."""
    target = f"{part_of}.service" if part_of else "multi-user.target"
    systemd.disable(unit_name, target)
    _remove_file(unit_name)
    wants = os.path.join(systemd.FOLDER, f"{target}.wants")
    if part_of and not (os.path.isdir(wants) and os.listdir(wants)):
        if os.path.exists(systemd.path_of(part_of)):
            systemd.stop(part_of, 60)
        systemd.disable(part_of, "multi-user.target")
        _remove_file(part_of)
        if os.path.isdir(wants):
            os.rmdir(wants)
    systemd.reload()


def _remove_file(unit_name: str) -> None:
    if os.path.exists(systemd.path_of(unit_name)):
        os.unlink(systemd.path_of(unit_name))


def _install(server: Server, number: str) -> None:
    """Have a start or a reboot run this release."""
    node = server.node
    if number == (node.record.get("adopted") or {}).get("release"):
        _take_up(server, number)
        return
    changed = _put_units(server, number)
    release.point_current(node, number)
    node.save()
    if changed:
        systemd.reload()


def _leave(server: Server, adopted: Dict[str, Any], number: str, result: Result) -> None:
    """Stop an adopted node's old process and have ours take its place, its store included."""
    node = server.node
    stop(server, _stop_timeout(node), result)
    account = node.account()
    try:
        old_unit.give(adopted["stores"], account.pw_uid, account.pw_gid)
        server.hand_over(adopted)
    except OSError as error:
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{node.name} could not take over what unit {adopted['unit']} had: {error}",
            "See that path on the machine.",
        ) from error
    _install(server, number)
    old_unit.leave(adopted, [node.own_unit, server.part_of or ""])
    systemd.reload()


def _take_up(server: Server, number: str) -> None:
    """Have an adopted node's old unit run it again."""
    node = server.node
    adopted = node.record["adopted"]
    if (read_text(systemd.path_of(node.own_unit)) or "").startswith(systemd.MARK):
        remove_unit(node.own_unit, server.part_of)
    if "uid" in adopted:
        old_unit.give_back(adopted["stores"], adopted["uid"], adopted["gid"])
    old_unit.take_up(adopted)
    release.point_current(node, number)
    node.save()
    systemd.reload()


def _put_units(server: Server, number: str) -> bool:
    node = server.node
    changed = systemd.write(node.own_unit, release.unit_text(node, number))
    if server.part_of:
        if server.part_of != (node.record.get("adopted") or {}).get("unit"):
            systemd.check_ours(server.part_of)
        changed |= systemd.write(server.part_of, unit.umbrella())
        changed |= systemd.enable(server.part_of, "multi-user.target")
    changed |= systemd.enable(node.own_unit, _target(server))
    return changed


def _target(server: Server) -> str:
    return drift.boot_target(server.part_of)


def _start(server: Server, timeout: float, what: str) -> float:
    node = server.node
    mark = LogMark(node.unit, node.logs, server.log_files)
    server.before_start()
    edited = _edited(node)
    adopted = node.adopted
    if adopted and "uid" in adopted:
        # A switch may have been cut off after it gave the store away.
        old_unit.give_back(adopted["stores"], adopted["uid"], adopted["gid"])
    if server.part_of and not adopted:
        systemd.start(server.part_of)
    systemd.start(node.unit)
    seconds = wait(node, Gate(server.check, timeout, server.progress), mark, what)
    if not adopted:
        # What an adopted one runs with was noted when it was adopted.
        _note_adjusted(server, edited)
    return seconds


def _edited(node: Node) -> List[str]:
    running = release.current(node)
    return drift.edited(node, running) if running and "conf" in running.document else []


def _note_adjusted(server: Server, edited: List[str]) -> None:
    """Keys that the process changed itself are no drift; known only right after its start.

    Not those in `edited`, which it read so from a file that somebody changed while it was stopped.
    """
    running = release.current(server.node)
    if running is None or "conf" not in running.document:
        # An exporter.
        return
    with contextlib.suppress(RemotingError):
        server.node.record["adjusted"] = drift.adjusted(running.conf_without(edited), server.live())


def _timeout(server: Server, clean: float) -> float:
    unclean = bool(server.abort_file) and os.path.exists(server.abort_file)
    return RECOVERY_SECONDS if unclean else clean


def _is_other(node: Node, good: str, number: str) -> bool:
    """Whether there is another release to go back to."""
    return good not in ("", number) and release.load(node, good) is not None


def _failure(node: Node, error: Exception) -> StepError:
    """Any error as one that can be told together with what was done about it."""
    if isinstance(error, StepError):
        return error
    if not isinstance(error, (OSError, RemotingError)):
        # A fault of ours: the step's log keeps where.
        say(traceback.format_exc())
    text = traceback.format_exception_only(type(error), error)[-1].strip()
    return StepError(
        ExitCode.INTERNAL,
        f"{node.name}: {text}",
        "See the machine's disks and memory, and the step's log in /var/lib/rocketmq-agent/steps.",
    )


def _run_on(server: Server, good: str, error: StepError) -> NoReturn:
    """The last good release was never stopped: have a start or a reboot run it, too."""
    _install(server, good)
    raise _undone(error, "the last good release runs on") from error


def _undone(error: StepError, how: str) -> StepError:
    return StepError(
        ExitCode.GATE_FAILED,
        f"{error.message}; {how}",
        error.remedy + " Mend what they show, and run pulumi up again.",
        error.details,
    )


def _go_back(server: Server, good: str, error: StepError, result: Result) -> NoReturn:
    """Start the last good release; always ends in an error that tells both."""
    node = server.node
    say(f"{node.name}: {error.message}; going back to release {good}")
    try:
        _start_good(server, good, result)
    except Exception as other:
        second = _failure(node, other)
        raise StepError(
            ExitCode.GATE_FAILED,
            f"{error.message}; and the last good release did not become ready either:"
            f" {second.message}",
            second.remedy,
            error.details + ["last good release:"] + second.details,
        ) from other
    raise _undone(error, "the last good release was put back and runs") from error


def _start_good(server: Server, good: str, result: Result) -> None:
    node = server.node

    def before_start() -> None:
        # The file of a good release is there, as it was: better than not to start at all.
        with contextlib.suppress(OSError):
            server.before_start()

    try:
        if systemd.state(node.unit).active != "inactive":
            # An adopted one's new unit may not even be there.
            stop(server, _stop_timeout(node), result)
    finally:
        # A reboot must not run the other one.
        _install(server, good)
    again = server._replace(before_start=before_start)
    _start(again, _timeout(server, START_SECONDS), "did not start")


def _mark_good(node: Node, number: str) -> None:
    node.record["good"] = number
    node.save()


def _stop_timeout(node: Node) -> int:
    running = release.current(node)
    return int(running.document["unit"]["stopTimeout"]) if running else 120
