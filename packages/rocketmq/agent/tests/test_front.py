"""What the caller of a step is told."""

import io
import json
import os
import unittest
from typing import Any, Dict, Tuple
from unittest import mock

from rocketmq_agent import front, state
from rocketmq_agent.result import Result
from support import InFolder


def told(outcome: Dict[str, Any]) -> Tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    out, errors = io.StringIO(), io.BytesIO()
    with mock.patch.object(front.sys, "stdout", out), mock.patch.object(
        front.sys, "stderr", mock.Mock(buffer=errors)
    ):
        code = front.report("broker-rollout", "mq1", outcome)
    return code, out.getvalue(), errors.getvalue().decode()


class Report(unittest.TestCase):
    def test_warnings_are_for_people_too(self) -> None:
        result = Result()
        result.warnings += ["broker-a-0 does not run", "x is \u00e4"]
        done = result.to_document(1.0)
        code, out, errors = told({"code": 0, "result": done})
        self.assertEqual((code, json.loads(out)), (0, done))
        self.assertEqual(errors, "warning: broker-a-0 does not run\nwarning: x is \u00e4\n")

    def test_silence_where_all_is_well(self) -> None:
        self.assertEqual(told({"code": 0, "result": Result().to_document(1.0)})[2], "")

    def test_what_only_looks_has_no_warnings(self) -> None:
        self.assertEqual(told({"code": 0, "result": {"differences": []}})[0], 0)


class Prune(InFolder):
    """Old steps go when a new one begins, and steps of one host begin at the same time."""

    def step(self, name: str) -> str:
        return self.write(f"state/steps/{name}/outcome.json", "{}")

    def test_one_that_another_step_removes_meanwhile(self) -> None:
        old = self.step("20260101T000000-a")
        for number in range(front._KEEP_STEPS):
            self.step(f"20260102T{number:06}-b")
        unlink = os.unlink

        def unlink_twice(path: str, **options: Any) -> None:
            unlink(path, **options)
            unlink(path, **options)

        with mock.patch.object(os, "unlink", unlink_twice):
            front._prune()
        self.assertFalse(os.path.exists(old))
        self.assertEqual(len(os.listdir(state.path("steps"))), front._KEEP_STEPS)
