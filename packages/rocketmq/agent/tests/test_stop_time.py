"""A new time for a stop is taken over without a restart."""

import os
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent.node import release, steps, stop_time
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.release import Release, differences
from rocketmq_agent.result import Result
from rocketmq_agent.system.files import read_text
from support import InFolder, document

UNIT = "[Service]\nTimeoutStopSec=120\nExecStart=x\n"
RESOLVED: Dict[str, Any] = {
    "javaHome": "/java",
    "javaMajor": 17,
    "heapMb": 256,
    "user": "rocketmq",
}


def wanting(seconds: int) -> Release:
    asked = document("broker-a-0-config")["release"]
    return Release({**asked, "unit": {**asked["unit"], "stopTimeout": seconds}}, (), RESOLVED)


class StopTime(InFolder):
    def setUp(self) -> None:
        super().setUp()
        unit = "mqbroker@broker-a-0"
        self.node = mock.Mock(
            spec=Node, unit=unit, own_unit=unit, adopted=None, releases=self.folder
        )
        self.node.name = "broker-a-0"
        os.makedirs(os.path.join(self.folder, "3"))
        with open(self.file(), "w", encoding="utf-8") as file:
            file.write(UNIT)
        self.running = wanting(120)
        self.running.number = "3"
        self.done: List[str] = []

    def file(self) -> str:
        return os.path.join(self.folder, "3", "mqbroker@broker-a-0.service")

    def apply(self, desired: Release) -> List[str]:
        result = Result()
        systemd = mock.Mock(
            write=lambda unit, text: self.done.append(f"{unit} {text}") or True,
            reload=lambda: self.done.append("reload"),
        )
        with mock.patch.object(stop_time, "systemd", systemd):
            stop_time.apply(self.node, self.running, desired, result)
        return result.changed

    def test_same(self) -> None:
        self.assertEqual(self.apply(wanting(120)), [])
        self.assertEqual(self.done, [])

    def test_in_the_unit_the_folder_and_the_record(self) -> None:
        self.assertEqual(self.apply(wanting(600)), ["stopTimeout 120 -> 600"])
        text = UNIT.replace("120", "600")
        self.assertEqual(self.done, [f"mqbroker@broker-a-0 {text}", "reload"])
        self.assertEqual(read_text(self.file()), text)
        self.assertEqual(release.unit_text(self.node, "3"), text)
        self.assertIn(
            '"stopTimeout": 600', read_text(os.path.join(self.folder, "3", "release.json"))
        )
        self.assertEqual(self.apply(wanting(600)), [])

    def test_is_no_reason_to_restart_but_counts_for_what_is_staged(self) -> None:
        desired = wanting(600)
        self.assertEqual(
            differences(self.running, desired, steps.hot_keys(self.running, desired)), []
        )
        self.assertEqual(differences(self.running, desired, ()), ["stopTimeout 120 -> 600"])
