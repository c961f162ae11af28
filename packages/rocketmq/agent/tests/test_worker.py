"""A step waits for its turn on the host, and is done unless another one has overtaken it."""

import json
import os
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent import worker
from rocketmq_agent.errors import ExitCode
from rocketmq_agent.result import Result
from support import InFolder, document


class Turn(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.done: List[str] = []
        self.comes: Dict[str, Any] = {}
        for name, replacement in (
            ("HostLock", self.lock),
            ("run_step", self.run_step),
            ("_redirect", lambda _: None),
        ):
            patch = mock.patch.object(worker, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.spool("20260101T000000-own", document("broker-a-0-config"))
        self.spool("20260101T000000-older", document("broker-a-0-config"))

    def spool(self, name: str, content: Dict[str, Any]) -> str:
        step = {"verb": "broker-config", "document": content, "home": "", "agent": "", "began": 0}
        path = self.write(f"steps/{name}/step.json", json.dumps(step))
        return os.path.dirname(path)

    def lock(self, _: str) -> Any:
        """What comes while the step waits may have an older stamp: the clock was set back."""
        for name, content in self.comes.items():
            self.spool(name, content)
        return mock.MagicMock()

    def run_step(self, verb: str, *_: Any) -> Result:
        self.done.append(verb)
        return Result()

    def work(self) -> int:
        with mock.patch.object(worker.os, "umask"):
            return worker.work(self.path("steps", "20260101T000000-own"))

    def outcome(self) -> Any:
        path = self.path("steps", "20260101T000000-own", "outcome.json")
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def test_done_though_others_wait(self) -> None:
        other = {**document("broker-a-0-config"), "node": "broker-b-1"}
        elsewhere = {**document("broker-a-0-config"), "cluster": "another"}
        machine = {key: value for key, value in other.items() if key != "node"}
        self.comes = {"20260102T000000-other": other, "x": elsewhere, "y": machine}
        self.assertEqual(self.work(), 0)
        self.assertEqual(self.done, ["broker-config"])

    def test_not_done_after_a_later_one_of_its_node(self) -> None:
        self.comes = {"20251231T000000-later": document("broker-a-0-config")}
        self.assertEqual(self.work(), ExitCode.LOCKED)
        self.assertEqual(self.done, [])
        self.assertIn("a later step of it (broker-config) came", self.outcome()["message"])

    def test_steps_of_a_machine_have_no_node_to_be_overtaken_on(self) -> None:
        machine = {k: v for k, v in document("broker-a-0-config").items() if k != "node"}
        self.spool("20260101T000000-own", {**machine, "host": "h1"})
        self.comes = {"20260102T000000-later": {**machine, "host": "h1"}}
        self.assertEqual(self.work(), 0)
