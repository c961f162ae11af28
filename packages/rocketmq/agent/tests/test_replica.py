"""When a slave counts as having caught up."""

import unittest
from typing import Dict, Optional, Set
from unittest import mock

from rocketmq_agent.node import replica
from rocketmq_agent.node.replica import Replica
from rocketmq_agent.remoting.admin import Replication
from rocketmq_agent.remoting.errors import RemotingError
from support import document

MASTER = "192.0.2.13:10911"
OWN = "127.0.0.1:10911"
MIB = 1 << 20


class CatchingUp(unittest.TestCase):
    def setUp(self) -> None:
        self.master: Optional[str] = MASTER
        self.found = Replication(5 * MIB, 5 * MIB, True)
        self.topics: Dict[str, Set[str]] = {MASTER: {"ORDERS"}, OWN: {"ORDERS", "%RETRY%own"}}
        self.now = 100.0
        self.lists = 0
        for name, replacement in (
            ("members", mock.Mock(brokers=self.brokers)),
            ("replication", lambda master, slave: self.found),
            ("topic_configs", self.topic_configs),
            ("time", mock.Mock(monotonic=lambda: self.now)),
        ):
            patch = mock.patch.object(replica, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.slave = Replica(document("broker-a-0-config"), lambda: OWN)

    def brokers(self, asked: object) -> Dict[str, Dict[int, str]]:
        return {"broker-a": {1: OWN, **({} if self.master is None else {0: self.master})}}

    def topic_configs(self, address: str) -> Dict[str, object]:
        self.lists += 1
        return {name: {} for name in self.topics[address]}

    def test_has_everything(self) -> None:
        self.assertEqual(self.slave.behind(), "")
        self.assertIsNone(self.slave.copied)

    def test_messages(self) -> None:
        for found, words in (
            (Replication(9 * MIB, 5 * MIB, True), "4 MiB behind"),
            (Replication(5 * MIB, 5 * MIB, False), "not connected to its master"),
            (Replication(1 * MIB, 5 * MIB, True), "more than its master"),
        ):
            self.found = found
            self.assertIn(words, self.slave.behind())
        self.assertEqual(self.slave.copied, 5 * MIB)
        # 4.9 cannot tell whether they are connected; under load the master is always a bit ahead.
        self.found = Replication(5 * MIB, 5 * MIB - 1000, None)
        self.assertEqual(self.slave.behind(), "")

    def test_topics(self) -> None:
        self.topics[MASTER] = {"A", "B", "C", "D", "ORDERS", "%RETRY%billing", "rmq_sys_x"}
        self.assertIn("(A, B, C and 1 more)", self.slave.behind())
        self.topics[OWN] |= {"A", "B", "C", "D"}
        # Lists are long: not asked for at every poll.
        self.assertIn("A, B, C", self.slave.behind())
        self.assertEqual(self.lists, 2)
        self.now += 1
        self.assertEqual(self.slave.behind(), "")

    def test_nobody_waits_for_topics_where_there_are_no_messages(self) -> None:
        self.found = Replication(0, 0, True)
        self.topics[OWN] = set()
        self.assertEqual(self.slave.behind(), "")

    def test_a_master_that_was_away_before_is_not_waited_for(self) -> None:
        self.slave.note_master()
        self.master = None
        self.assertIn("is not registered", self.slave.behind())
        self.slave.note_master()
        self.assertEqual(self.slave.behind(), "")
        # Back again, it counts.
        self.master = MASTER
        self.found = Replication(9 * MIB, 5 * MIB, True)
        self.assertIn("4 MiB behind", self.slave.behind())

    def test_name_servers_that_do_not_answer_say_nothing_about_the_master(self) -> None:
        broken = mock.Mock(brokers=mock.Mock(side_effect=RemotingError("refused")))
        with mock.patch.object(replica, "members", broken):
            self.slave.note_master()
        self.master = None
        self.assertIn("is not registered", self.slave.behind())

    def test_a_master_that_is_away(self) -> None:
        self.master = None
        self.assertIn("is not registered", self.slave.behind())
        with mock.patch.object(replica, "replication", side_effect=RemotingError("refused")):
            self.master = MASTER
            self.assertIn("cannot be seen (refused)", self.slave.behind())
