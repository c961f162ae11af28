"""A name server is ready when it knows again what it knew."""

import time
from typing import Dict, List
from unittest import TestCase, mock

from fake_rocketmq import FakeServer, Reply
from rocketmq_agent.node import known_brokers
from rocketmq_agent.node.known_brokers import KnownBrokers, register
from rocketmq_agent.remoting.errors import RemotingError

BOTH = {"broker-a": {0: "x", 1: "y"}}


class Knowing(TestCase):
    def setUp(self) -> None:
        self.now = 100.0
        self.answer: object = mock.Mock(brokers=BOTH)
        self.called: List[str] = []
        for name, replacement in (
            ("cluster_info", self.ask),
            ("time", mock.Mock(monotonic=lambda: self.now)),
            ("_call", self.called.extend),
        ):
            patch = mock.patch.object(known_brokers, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.brokers = KnownBrokers(lambda: "127.0.0.1:9876")

    def ask(self, *_: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def test_a_first_start_waits_for_nobody(self) -> None:
        self.answer = mock.Mock(brokers={})
        self.assertEqual(self.brokers.missing(), "")
        self.assertEqual(self.called, [])

    def test_waits_for_brokers_that_were_there(self) -> None:
        self.brokers.remember()
        self.answer = RemotingError("refused")
        self.assertIn("does not answer", self.brokers.missing())
        self.answer = mock.Mock(brokers={"broker-a": {1: "y"}})
        self.assertEqual(self.brokers.missing(), "1 brokers have not registered again")
        self.answer = mock.Mock(brokers=BOTH)
        self.assertEqual(self.brokers.missing(), "")

    def test_masters_are_called_once_when_it_answers(self) -> None:
        self.brokers.remember()
        self.answer = RemotingError("refused")
        self.brokers.missing()
        self.assertEqual(self.called, [])
        self.answer = mock.Mock(brokers={})
        self.brokers.missing()
        self.brokers.missing()
        self.assertEqual(self.called, ["x"])

    def test_and_called_again_after_another_restart(self) -> None:
        for _ in range(2):
            self.answer = mock.Mock(brokers=BOTH)
            self.brokers.remember()
            self.answer = mock.Mock(brokers={})
            self.assertNotEqual(self.brokers.missing(), "")
        self.assertEqual(self.called, ["x", "x"])

    def test_not_for_ever(self) -> None:
        self.brokers.remember()
        self.answer = mock.Mock(brokers={})
        self.assertNotEqual(self.brokers.missing(), "")
        # The slowest brokers register once a minute.
        self.now += 60
        self.assertNotEqual(self.brokers.missing(), "")
        self.now += 6
        self.assertEqual(self.brokers.missing(), "")


class Calling(TestCase):
    def setUp(self) -> None:
        self.config: Dict[str, str] = {"brokerPermission": "4", "listenPort": "1"}
        self.told: List[str] = []
        self.broker = FakeServer()
        self.addCleanup(self.broker.close)
        lines = "".join(f"{key}={value}\n" for key, value in self.config.items())
        self.broker.handlers[26] = lambda ext, body: Reply(lines.encode())
        self.broker.handlers[25] = self.update

    def update(self, ext: Dict[str, str], body: bytes) -> Reply:
        self.told.append(body.decode().strip())
        return Reply()

    def test_a_broker_registers_and_stays_as_open_as_it_is(self) -> None:
        register(self.broker.address)
        self.assertEqual(self.told, ["brokerPermission=4"])

    def test_one_that_cannot_be_asked_is_no_failure(self) -> None:
        self.broker.close()
        register(self.broker.address)
        self.assertEqual(self.told, [])

    def test_the_whole_way(self) -> None:
        namesrv = FakeServer()
        self.addCleanup(namesrv.close)
        table = {"broker-a": {"brokerAddrs": {"0": self.broker.address}}}
        namesrv.handlers[106] = lambda ext, body: Reply({"brokerAddrTable": table})
        brokers = KnownBrokers(lambda: namesrv.address)
        brokers.remember()
        table = {}
        self.assertNotEqual(brokers.missing(), "")
        end = time.monotonic() + 10
        while not self.told and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.told, ["brokerPermission=4"])
