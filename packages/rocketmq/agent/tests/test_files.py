"""Files of others that are changed, and the agent's own copies that are kept."""

import os
import time
from unittest import mock

from rocketmq_agent import library, state
from rocketmq_agent.system.files import rewrite
from support import InFolder


class Rewriting(InFolder):
    def test_owner_and_mode_stay_and_a_link_is_followed(self) -> None:
        self.write("conf/broker.conf", "a=1\n")
        path = self.path("conf/broker.conf")
        os.chmod(path, 0o640)
        os.symlink(path, self.path("link"))
        before = os.stat(path)
        rewrite(self.path("link"), "a=2\n")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "a=2\n")
        after = os.stat(path)
        self.assertEqual((after.st_mode, after.st_uid), (before.st_mode, before.st_uid))
        self.assertTrue(os.path.islink(self.path("link")))

    def test_a_full_disk_leaves_what_was_there(self) -> None:
        self.write("broker.conf", "a=1\n")
        full = mock.patch.object(os, "fsync", side_effect=OSError(28, "No space left"))
        with full, self.assertRaises(OSError):
            rewrite(self.path("broker.conf"), "a=2\n")
        with open(self.path("broker.conf"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "a=1\n")


class OwnCopies(InFolder):
    def test_old_ones_go_but_not_what_is_used_or_waited_for(self) -> None:
        lib = self.path("lib")
        for name in ("new", "used", "waiting", "old"):
            os.makedirs(os.path.join(lib, name))
            os.utime(os.path.join(lib, name), (0, 0))
        os.utime(os.path.join(lib, "used"), (time.time(), time.time()))
        unit = self.path("rocketmq-reopen-broker-a-0.service")
        self.write(os.path.basename(unit), f"ExecStart=python3 {lib}/waiting/rocketmq-agent x\n")
        with mock.patch.object(
            state, "path", lambda *parts: os.path.join(self.folder, *parts)
        ), mock.patch.object(library, "_REOPENING", unit):
            library._prune("new")
        self.assertEqual(sorted(os.listdir(lib)), ["new", "used", "waiting"])
