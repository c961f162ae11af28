"""Name servers that are added, or taken out, under a running broker."""

import os
from typing import Callable, List
from unittest import mock

from rocketmq_agent import state
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import name_servers
from support import InFolder


class NewList(InFolder):
    """How long a broker is waited for, and for what."""

    def setUp(self) -> None:
        super().setUp()
        self.node = mock.Mock(unit="mqbroker@broker-a-0", logs=self.folder)
        self.node.name = "broker-a-0"
        self.asked: List[List[str]] = []
        # What the added name servers say, one look after the other.
        self.answers: List[str] = []
        self.slept: List[float] = []
        alive = mock.Mock(running=True, failed=False, pid=os.getpid())
        for target, name, replacement in (
            (name_servers, "say", lambda _: None),
            (name_servers, "_LEARN_SECONDS", 0.1),
            (name_servers.gate.systemd, "state", lambda _: alive),
            (name_servers.gate, "_POLL_SECONDS", 0.01),
        ):
            patch = mock.patch.object(target, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)

    def registration(self, added: List[str]) -> Callable[[], str]:
        self.asked.append(added)
        return lambda: self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def wait(self, before: str, after: str) -> float:
        name_servers.wait(self.node, before, after, self.registration, [], self.slept.append)
        return sum(self.slept)

    def noted(self) -> bool:
        return os.path.exists(state.path("learning", "broker-a-0.json"))

    def test_those_taken_out_are_waited_for_where_nothing_else_tells(self) -> None:
        self.answers = [""]
        for before, after, seconds in (
            ("a:1;b:1", "a:1;c:1", 0),
            ("a:1", "a:1;b:1", 0),
            ("a:1;b:1", "b:1; a:1", 0),
            ("", "a:1", 0),
            ("a:1;b:1", "a:1", 125),
        ):
            with self.subTest(before=before, after=after):
                self.assertEqual(self.wait(before, after), seconds)

    def test_an_added_one_is_to_know_the_broker(self) -> None:
        self.answers = ["not yet", "not yet", ""]
        self.wait("a:1;b:1", "a:1;c:1;d:1")
        self.assertEqual(self.asked, [["c:1", "d:1"]])
        self.assertEqual(self.answers, [""])

    def test_one_that_never_knows_it_fails_the_step(self) -> None:
        self.answers = ["name server b:1 does not list it as x"]
        name_servers.begin(self.node, "a:1", "a:1;b:1")
        with self.assertRaises(StepError) as caught:
            self.wait("a:1", "a:1;b:1")
        self.assertEqual(caught.exception.code, ExitCode.GATE_FAILED)
        self.assertIn("does not list it as x", caught.exception.message)
        self.assertTrue(self.noted())

    def test_a_wait_that_was_cut_off_goes_on(self) -> None:
        self.assertEqual(name_servers.begin(self.node, "a:1", "a:1;b:1"), "a:1")
        # The next run finds the new list in place.
        before = name_servers.begin(self.node, "a:1;b:1", "a:1;b:1")
        self.assertEqual(before, "a:1")
        self.answers = [""]
        self.wait(before, "a:1;b:1")
        self.assertEqual(self.asked, [["b:1"]])
        self.assertFalse(self.noted())

    def test_the_same_list_is_no_matter(self) -> None:
        self.assertEqual(name_servers.begin(self.node, "a:1", "a:1"), "a:1")
        self.assertFalse(self.noted())
