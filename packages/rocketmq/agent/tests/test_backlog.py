"""What nobody has read yet."""

import unittest
from typing import Dict, List

from fake_topics import TopicsBroker

from rocketmq_agent.remoting import Connection, RemotingError
from rocketmq_agent.remoting.admin import Unread, all_queues, unread_on


class Backlog(unittest.TestCase):
    def setUp(self) -> None:
        self.broker = TopicsBroker()
        self.addCleanup(self.broker.close)
        self.broker.has("T")
        self.broker.groups = {"g": {}, "h": {}}

    def unread(self, queues: Dict[str, List[int]]) -> List[Unread]:
        with Connection(self.broker.address) as connection:
            return unread_on(connection, queues, lambda group: group != "tool")

    def test_nothing_was_ever_sent(self) -> None:
        self.assertEqual(self.unread({"T": [0, 1]}), [])
        self.assertEqual(self.unread({}), [])

    def test_nobody_reads(self) -> None:
        self.broker.queues = {("T", 0): (3, 7), ("T", 1): (0, 2)}
        self.assertEqual(self.unread({"T": [0, 1]}), [Unread("T", "", 6)])
        self.assertEqual(self.unread({"T": [1]}), [Unread("T", "", 2)])

    def test_by_group(self) -> None:
        self.broker.queues = {("T", 0): (3, 7), ("T", 1): (0, 2)}
        self.broker.offsets = {("T", "g"): {0: 7, 1: 2}, ("T", "h"): {0: 1}}
        # h never read queue 1; what expired of queue 0 is not counted.
        self.assertEqual(self.unread({"T": [0, 1]}), [Unread("T", "h", 6)])

    def test_who_does_not_count(self) -> None:
        self.broker.queues = {("T", 0): (0, 4)}
        self.broker.groups["tool"] = {}
        self.broker.offsets = {("T", "tool"): {0: 0}, ("T", "removed"): {0: 0}, ("T", "g"): {0: 4}}
        self.assertEqual(self.unread({"T": [0]}), [])

    def test_the_answer_of_a_broker_that_refuses_is_told(self) -> None:
        del self.broker.handlers[31]
        with self.assertRaisesRegex(RemotingError, "queue 0 of topic T"):
            self.unread({"T": [0]})

    def test_queues_that_are_only_read(self) -> None:
        self.assertEqual(list(all_queues({"readQueueNums": 3, "writeQueueNums": 1})), [0, 1, 2])


if __name__ == "__main__":
    unittest.main()
