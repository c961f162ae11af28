"""One step at a time."""

import os
import subprocess
import sys
import time
from unittest import mock

from rocketmq_agent import lock, state
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.lock import HostLock
from support import InFolder

_HOLD = """
import sys
sys.path[:0] = {path!r}
from rocketmq_agent import lock, state
state.ROOT = {root!r}
with lock.HostLock("rollout of broker-a-0"):
    print("held", flush=True)
    sys.stdin.readline()
"""


class Locking(InFolder):
    def holder(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", _HOLD.format(path=sys.path, root=state.ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        assert process.stdin and process.stdout
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.assertEqual(process.stdout.readline(), "held\n")
        return process

    def test_waits_and_says_for_whom(self) -> None:
        process = self.holder()
        said = []

        def say(text: str) -> None:
            said.append(text)
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()

        with mock.patch.object(lock, "say", say), HostLock("mine"):
            self.assertEqual(said, ["waiting for rollout of broker-a-0"])

    def test_gives_up(self) -> None:
        self.holder()
        quiet = mock.patch.object(lock, "say")
        with quiet, self.assertRaises(StepError) as caught, HostLock("mine", wait=0.2):
            self.fail("got a lock that is held")
        self.assertEqual(caught.exception.code, ExitCode.LOCKED)
        self.assertIn("rollout of broker-a-0", caught.exception.message)

    def test_a_killed_holder_holds_nothing(self) -> None:
        process = self.holder()
        process.kill()
        start = time.monotonic()
        with mock.patch.object(lock, "say"), HostLock("mine", wait=5):
            self.assertLess(time.monotonic() - start, 5)

    def test_a_removed_lock_file_is_made_anew(self) -> None:
        with HostLock("first"):
            os.unlink(state.path("lock"))
        with HostLock("second", wait=1):
            self.assertTrue(os.path.exists(state.path("lock")))
