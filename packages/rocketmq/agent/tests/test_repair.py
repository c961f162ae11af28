"""What `reconcile` restarts a process for."""

import unittest
from typing import Any, Dict, List, cast
from unittest import mock

from rocketmq_agent.node import drift, repair
from rocketmq_agent.node.lifecycle import Server
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.release import Release
from rocketmq_agent.remoting.errors import RemotingError
from rocketmq_agent.system.systemd import State

VALUES = {"flushDiskType": "ASYNC_FLUSH", "fileReservedTime": "72", "ratio": "40"}
RUNNING = State("active", "running", 42, 0, "exit code 0")
STOPPED = State("inactive", "dead", 0, 0, "exit code 0")


class Restarts(unittest.TestCase):
    def reasons(
        self,
        live: Any,
        state: State = RUNNING,
        process: Any = (),
        adjusted: Any = None,
    ) -> List[str]:
        node = mock.Mock(spec=Node, adopted=None)
        node.unit = "mqbroker@broker-a-0"
        node.record = {} if adjusted is None else {"adjusted": adjusted}

        def ask() -> Dict[str, str]:
            if isinstance(live, Exception):
                raise live
            return cast(Dict[str, str], live)

        server = Server(cast(Node, node), lambda: "", [], None, live=ask, reconcile=True)
        release = Release({"conf": VALUES}, ["fileReservedTime"], {})
        with mock.patch.object(repair.systemd, "state", return_value=state), mock.patch.object(
            repair.drift, "process", return_value=list(process)
        ):
            return repair.restart_reasons(server, release)

    def test_none_where_all_is_as_applied(self) -> None:
        self.assertEqual(self.reasons(VALUES), [])

    def test_none_for_a_hot_key(self) -> None:
        self.assertEqual(self.reasons({**VALUES, "fileReservedTime": "9"}), [])

    def test_a_key_that_only_a_restart_changes(self) -> None:
        self.assertEqual(
            self.reasons({**VALUES, "flushDiskType": "SYNC_FLUSH"}),
            ["flushDiskType SYNC_FLUSH -> ASYNC_FLUSH"],
        )

    def test_none_for_a_key_that_the_process_changed_itself(self) -> None:
        self.assertEqual(self.reasons({**VALUES, "ratio": "30"}, adjusted={"ratio": "30"}), [])

    def test_another_command_line(self) -> None:
        other = drift.Drift("command line of the running process", "-Xmx1g", "-Xmx2g")
        self.assertEqual(
            self.reasons(VALUES, process=[other]),
            ["command line of the running process -Xmx2g -> -Xmx1g"],
        )

    def test_none_for_a_process_that_is_silent(self) -> None:
        self.assertEqual(self.reasons(RemotingError("no answer", 0)), [])

    def test_none_where_nothing_runs(self) -> None:
        self.assertEqual(self.reasons({"flushDiskType": "other"}, state=STOPPED), [])
