"""What a store knows beside messages is copied before a restart."""

import os
from unittest import mock

from rocketmq_agent.node import backup
from rocketmq_agent.system.files import read_text
from support import InFolder


class Backup(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.node = mock.Mock(folder=self.path("node"))
        os.makedirs(self.path("node"))
        self.store = self.path("store")

    def has(self, path: str, text: str) -> None:
        target = os.path.join(self.store, "config", path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)

    def test_a_store_that_was_never_used(self) -> None:
        self.assertEqual(backup.take(self.node, self.store, "1"), "")

    def test_files_at_once_and_databases_when_it_has_stopped(self) -> None:
        self.has("topics.json", "{}")
        self.has("subscriptionGroups/000001.log", "while it runs")
        folder = backup.take(self.node, self.store, "1")
        self.assertEqual(os.listdir(folder), ["topics.json"])
        self.has("subscriptionGroups/000001.log", "stopped")
        backup.complete(self.store, folder)
        self.assertEqual(read_text(f"{folder}/subscriptionGroups/000001.log"), "stopped")

    def test_databases_alone(self) -> None:
        self.has("topics/CURRENT", "MANIFEST-000001")
        folder = backup.take(self.node, self.store, "1")
        backup.complete(self.store, folder)
        # Twice in a second is the same copy.
        backup.complete(self.store, folder)
        self.assertEqual(os.listdir(folder), ["topics"])

    def test_the_last_five_are_kept(self) -> None:
        self.has("topics.json", "{}")
        for second in range(7):
            with mock.patch("time.strftime", return_value=f"2026010{second}T000000"):
                backup.take(self.node, self.store, "1")
        kept = sorted(os.listdir(self.path("node", "backups")))
        self.assertEqual(kept[0], "20260102T000000-release-1")
        self.assertEqual(len(kept), 5)
