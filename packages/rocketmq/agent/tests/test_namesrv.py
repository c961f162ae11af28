"""A name server is ready when it knows again what it knew."""

from unittest import TestCase, mock

from rocketmq_agent.node import namesrv
from rocketmq_agent.node.namesrv import Brokers
from rocketmq_agent.remoting.errors import RemotingError

BOTH = {"broker-a": {0: "x", 1: "y"}}


class Knowing(TestCase):
    def setUp(self) -> None:
        self.now = 100.0
        self.answer: object = mock.Mock(brokers=BOTH)
        for name, replacement in (
            ("cluster_info", self.ask),
            ("time", mock.Mock(monotonic=lambda: self.now)),
        ):
            patch = mock.patch.object(namesrv, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.brokers = Brokers("127.0.0.1:9876")

    def ask(self, *_: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def test_a_first_start_waits_for_nobody(self) -> None:
        self.answer = mock.Mock(brokers={})
        self.assertEqual(self.brokers.missing(), "")

    def test_waits_for_brokers_that_were_there(self) -> None:
        self.brokers.remember()
        self.answer = RemotingError("refused")
        self.assertIn("does not answer", self.brokers.missing())
        self.answer = mock.Mock(brokers={"broker-a": {1: "y"}})
        self.assertEqual(self.brokers.missing(), "1 brokers have not registered again")
        self.answer = mock.Mock(brokers=BOTH)
        self.assertEqual(self.brokers.missing(), "")

    def test_not_for_ever(self) -> None:
        self.brokers.remember()
        self.answer = mock.Mock(brokers={})
        self.assertNotEqual(self.brokers.missing(), "")
        self.now += 46
        self.assertEqual(self.brokers.missing(), "")
