"""The gate: when it opens, when it gives up, and what it costs while it waits."""

import os
import unittest
from types import SimpleNamespace
from typing import Any, List, cast
from unittest import mock

from rocketmq_agent.errors import StepError
from rocketmq_agent.node import gate
from rocketmq_agent.node.logs import LogMark
from rocketmq_agent.node.node import Node
from rocketmq_agent.system.systemd import State

NODE = cast(Node, SimpleNamespace(name="broker-a-0", unit="mqbroker@broker-a-0", logs="/logs"))
MARK = cast(LogMark, SimpleNamespace(tail=lambda: ["last words"]))
RUNS = State("active", "running", os.getpid(), 0, "exit code 0")
DIED = State("activating", "auto-restart", 0, 1, "exit code 1")
# Beyond the largest number that Linux gives.
GONE = RUNS._replace(pid=1 << 23)


class GateTest(unittest.TestCase):
    """`wait` against a systemd and a node that say what the test says."""

    def wait(self, reasons: List[str], states: List[State], figures: Any = None) -> int:
        """Wait; returns how often systemd was asked. The last answers are repeated."""
        check = mock.Mock(side_effect=reasons + [reasons[-1]] * 1000)
        state = mock.Mock(side_effect=states + [states[-1]] * 1000)
        clock: Any = mock.Mock(monotonic=mock.Mock(side_effect=(i * 0.1 for i in range(10000))))
        with mock.patch.multiple(gate, time=clock), mock.patch.multiple(gate.systemd, state=state):
            progress = mock.Mock(side_effect=figures) if figures else lambda: None
            gate.wait(NODE, gate.Gate(check, 20, progress), MARK, "did not start")
        return int(state.call_count)

    def test_opens_when_the_node_is_ready(self) -> None:
        self.assertEqual(self.wait([""], [RUNS]), 2)

    def test_asks_systemd_seldom_while_the_process_lives(self) -> None:
        self.assertLess(self.wait(["not yet"] * 50 + [""], [RUNS]), 10)

    def test_tells_at_once_that_the_process_ended(self) -> None:
        with self.assertRaisesRegex(StepError, "ended with exit code 1") as caught:
            self.wait(["not yet"], [GONE, DIED])
        self.assertEqual(caught.exception.details, ["last words"])

    def test_waits_on_while_there_is_progress(self) -> None:
        self.wait(["behind"] * 500 + [""], [RUNS], range(500))
        with self.assertRaisesRegex(StepError, "after 40 s behind"):
            self.wait(["behind"], [RUNS], [*range(200), *[199] * 800])

    def test_a_ready_node_of_another_process_does_not_count(self) -> None:
        with self.assertRaisesRegex(StepError, "after 20 s its process is not there"):
            self.wait([""], [RUNS._replace(active="inactive", pid=0)])


if __name__ == "__main__":
    unittest.main()
