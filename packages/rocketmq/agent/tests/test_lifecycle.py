"""A switch is undone whatever fails after it began."""

import errno
import os
from typing import Any, Callable, Dict, List
from unittest import mock

from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import lifecycle, release
from rocketmq_agent.node.lifecycle import Server
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.role import BROKER
from rocketmq_agent.result import Result
from rocketmq_agent.system import systemd
from rocketmq_agent.system.files import read_text
from rocketmq_agent.system.systemd import MARK, State
from support import InFolder, document

NO_SPACE = OSError(errno.ENOSPC, "No space left on device")
UNIT = "mqbroker@broker-a-0"


class Switch(InFolder):
    """A broker that runs release 1 and is to run release 2; no systemd."""

    def setUp(self) -> None:
        super().setUp()
        self.done: List[str] = []
        # The release that runs.
        self.runs = "1"
        self.replace(systemd, "FOLDER", self.path("etc"))
        os.mkdir(self.path("etc"))
        self.replace(systemd, "reload", lambda: None)
        self.replace(systemd, "start", self.start)
        self.replace(systemd, "stop", self.stop)
        self.replace(systemd, "state", lambda _: self.state())
        self.replace(
            systemd,
            "command_line",
            lambda _: [f"{self.node.releases}/{self.runs}/conf/broker.conf"],
        )
        self.replace(lifecycle, "wait", lambda *_: 1.0)
        self.replace(lifecycle, "LogMark", mock.Mock())
        account = mock.Mock(pw_uid=os.getuid(), pw_gid=os.getgid())
        self.replace(Node, "account", lambda _: account)
        given = document("broker-a-0-config")
        given["paths"] = {"deploy": self.path("opt"), "data": self.path("data")}
        self.replace(
            release, "render_unit", lambda *args: f"{MARK}\n{os.path.basename(args[-1])}\n"
        )
        self.node = Node(given, UNIT)
        self.node.make_folders()
        for heap in (1, 2):
            resolved: Dict[str, Any] = {"javaHome": "/j", "javaMajor": 17, "user": "rocketmq"}
            one = release.Release(given["release"], given["hot"], {**resolved, "heapMb": heap})
            release.write(self.node, BROKER, one)
        self.node.record["good"] = "1"
        lifecycle._install(self.server(), "1")

    def replace(self, module: Any, name: str, value: Any) -> None:
        patch = mock.patch.object(module, name, value)
        patch.start()
        self.addCleanup(patch.stop)

    def state(self) -> State:
        running = ("active", "running", 42) if self.runs else ("inactive", "dead", 0)
        return State(*running, 0, "exit code 0")

    def start(self, unit: str) -> None:
        if unit == UNIT:
            self.runs = (read_text(systemd.path_of(UNIT)) or "").split()[-1]
            self.done.append(f"start {self.runs}")

    def stop(self, _: str, __: int) -> None:
        self.done.append(f"stop {self.runs}")
        self.runs = ""

    def server(self, before_start: Callable[[], None] = lambda: None) -> Server:
        return Server(self.node, lambda: "", [], "mqbroker", before_start=before_start)

    def fails(self, pattern: str, server: Server) -> StepError:
        with self.assertRaisesRegex(StepError, pattern) as caught:
            lifecycle.switch(server, "2", Result())
        self.assertEqual(caught.exception.code, ExitCode.GATE_FAILED)
        return caught.exception

    def is_as_it_was(self) -> None:
        self.assertEqual(self.runs, "1")
        self.has_good()

    def has_good(self) -> None:
        """What a start or a reboot would run."""
        running = release.current(self.node)
        self.assertEqual(running and running.number, "1")
        self.assertEqual(read_text(systemd.path_of(UNIT)), f"{MARK}\n1\n")

    def test_done(self) -> None:
        lifecycle.switch(self.server(), "2", Result())
        self.assertEqual((self.done, self.runs), (["stop 1", "start 2"], "2"))

    def test_a_full_disk_before_the_start(self) -> None:
        before = mock.Mock(side_effect=[NO_SPACE, None])
        self.fails("No space left on device; the last good release was", self.server(before))
        self.assertEqual(self.done, ["stop 1", "start 1"])
        self.is_as_it_was()
        staged = release.staged(self.node)
        self.assertEqual(staged and staged.number, "2")

    def test_a_disk_that_stays_full(self) -> None:
        self.replace(release, "stage", mock.Mock(side_effect=NO_SPACE))
        before = mock.Mock(side_effect=NO_SPACE)
        self.fails("No space left on device; the last good release was", self.server(before))
        self.is_as_it_was()

    def test_what_is_done_between_stop_and_start(self) -> None:
        saved = mock.Mock(side_effect=lambda: self.done.append("saved"))
        lifecycle.switch(self.server()._replace(after_stop=saved), "2", Result())
        self.assertEqual(self.done, ["stop 1", "saved", "start 2"])

    def test_a_disk_that_is_full_when_it_has_stopped(self) -> None:
        full = self.server()._replace(after_stop=mock.Mock(side_effect=NO_SPACE))
        self.fails("No space left on device; the last good release was put back", full)
        self.is_as_it_was()

    def test_a_full_disk_in_a_restart_of_the_same_release(self) -> None:
        full = self.server()._replace(after_stop=mock.Mock(side_effect=NO_SPACE))
        with self.assertRaisesRegex(OSError, "No space left"):
            lifecycle.switch(full, "1", Result())
        self.assertEqual(self.done, ["stop 1", "start 1"])
        self.is_as_it_was()

    def test_a_fault_in_the_gate(self) -> None:
        self.replace(lifecycle, "wait", mock.Mock(side_effect=[KeyError("x"), 1.0]))
        self.fails("KeyError: 'x'; the last good release was", self.server())
        self.assertEqual(self.done, ["stop 1", "start 2", "stop 2", "start 1"])
        self.is_as_it_was()

    def test_an_end_from_outside_is_not_handled(self) -> None:
        self.replace(lifecycle, "wait", mock.Mock(side_effect=KeyboardInterrupt))
        with self.assertRaises(KeyboardInterrupt):
            lifecycle.switch(self.server(), "2", Result())
        self.assertEqual(self.done, ["stop 1", "start 2"])

    def test_a_stop_that_fails(self) -> None:
        refused = StepError(ExitCode.GATE_FAILED, "systemctl stop failed", "See.")
        self.replace(systemd, "stop", mock.Mock(side_effect=refused))
        self.fails("systemctl stop failed; the last good release runs on", self.server())
        self.assertEqual(self.done, [])
        self.is_as_it_was()

    def test_a_stop_that_fails_and_leaves_nothing_running(self) -> None:
        def stop(_: str, __: int) -> None:
            self.runs = ""
            raise StepError(ExitCode.GATE_FAILED, "systemctl stop failed", "See.")

        self.replace(systemd, "stop", stop)
        self.fails("systemctl stop failed; the last good release was put back", self.server())
        self.assertEqual(self.done, ["start 1"])
        self.is_as_it_was()

    def test_a_second_stop_that_fails(self) -> None:
        self.replace(lifecycle, "wait", mock.Mock(side_effect=KeyError("x")))
        refused = StepError(ExitCode.GATE_FAILED, "systemctl stop failed", "See.")
        calls = iter([None, refused])

        def stop(_: str, __: int) -> None:
            error = next(calls)
            if error:
                raise error

        self.replace(systemd, "stop", stop)
        self.fails("KeyError: 'x'; and the last .* either: systemctl stop failed", self.server())
        self.has_good()

    def test_a_full_disk_before_the_stop(self) -> None:
        real = release.point_current

        def only_the_old(node: Node, number: str) -> None:
            if number == "2":
                raise NO_SPACE
            real(node, number)

        self.replace(release, "point_current", only_the_old)
        self.fails("No space left on device; the last good release runs on", self.server())
        self.assertEqual(self.done, [])
        self.is_as_it_was()

    def test_a_failure_without_a_good_release(self) -> None:
        self.node.record["good"] = ""
        with self.assertRaises(OSError):
            lifecycle.switch(self.server(mock.Mock(side_effect=NO_SPACE)), "2", Result())

    def test_a_release_that_was_cut_off_and_cannot_start(self) -> None:
        self.runs = ""
        lifecycle._install(self.server(), "2")
        before = mock.Mock(side_effect=[NO_SPACE, None])
        with self.assertRaisesRegex(StepError, "No space left on device; the last good release"):
            lifecycle.settle(self.server(before), Result())
        self.is_as_it_was()
