"""What the exporter does not ask in each collection, and that it misses nothing by it."""

import unittest
from typing import Dict, List, Set

from rocketmq_agent.exporter.turns import Counters, Subject, Watch
from rocketmq_agent.remoting.consumers import Client, Group
from rocketmq_agent.remoting.statistics import Minute

_B = "10.0.0.1:10911"


def group(*clients: str) -> Group:
    return Group([Client("10.0.0.9:1", one) for one in clients], broadcasting=False)


class Groups(unittest.TestCase):
    def setUp(self) -> None:
        self.watch = Watch()

    def test_every_group_has_its_turn_and_those_seen_are_asked_each_time(self) -> None:
        groups = [f"g{n:03}" for n in range(100)]
        self.assertEqual(self.watch.due(_B, groups, set()), set(groups))
        self.watch.seen(_B, set(groups), {"g007": group("c")}, groups)
        asked: List[Set[str]] = []
        for _ in range(8):
            asked.append(self.watch.due(_B, groups, {"g050", "no such group"}))
            online = {name: group("c") for name in asked[-1] if name == "g007"}
            self.watch.seen(_B, asked[-1], online, groups)
        self.assertEqual(set().union(*asked), set(groups))
        self.assertTrue(all({"g007", "g050"} <= one for one in asked))
        self.assertTrue(all(len(one) < 16 for one in asked))
        self.watch.keep([])
        self.assertEqual(self.watch.due(_B, groups, set()), set(groups))

    def test_of_very_many_that_may_be_online_a_part_is_asked_and_the_rest_remembered(self) -> None:
        groups = [f"g{n:04}" for n in range(1000)]
        online = {name: group("c") for name in groups}
        self.watch.due(_B, groups, set(groups))
        self.watch.seen(_B, set(groups), online, groups)
        asked: Set[str] = set()
        for _ in range(4):
            due = self.watch.due(_B, groups, set(groups))
            self.assertLess(len(due), 400)
            # All have left; this is noticed when they are asked about.
            found = self.watch.seen(_B, due, {}, groups)
            asked |= due
            self.assertEqual(set(found), set(groups) - asked)
        self.assertEqual(asked, set(groups))

    def test_a_group_that_was_removed_is_not_remembered(self) -> None:
        groups = [f"g{n:04}" for n in range(600)]
        self.watch.due(_B, groups, set(groups))
        self.watch.seen(_B, set(groups), {name: group("c") for name in groups}, groups)
        due = self.watch.due(_B, groups[:10], set(groups))
        self.assertLessEqual(set(self.watch.seen(_B, due, {}, groups[:10])), set(groups[:10]))


class CountersTest(unittest.TestCase):
    """A broker whose counters are told here, collected from each 15 s."""

    def setUp(self) -> None:
        self.now = 0.0
        self.counters = Counters(lambda: self.now)
        self.position: Dict[str, int] = {f"t{n:02}": 0 for n in range(40)}
        self.truth: Dict[str, Minute] = {}
        self.asked: List[str] = []

    def collect(self) -> Dict[str, Minute]:
        self.now += 15
        subjects = [Subject(key, ("PUT",), at) for key, at in self.position.items()]
        due = self.counters.due(_B, subjects)
        self.asked = [key for _, key in due]
        answers = {(name, key): self.truth[key] for name, key in due if key in self.truth}
        found = self.counters.complete(_B, subjects, due, answers)
        return {key: minute for (_, key), minute in found.items()}

    def settle(self) -> None:
        for _ in range(10):
            self.collect()

    def test_what_is_quiet_is_asked_by_turns_and_told_all_the_same(self) -> None:
        self.truth = {key: Minute(0.0, 0.0) for key in self.position}
        self.assertEqual(self.collect(), self.truth)
        self.assertEqual(len(self.asked), 40)
        self.settle()
        turns: Set[str] = set()
        for _ in range(8):
            self.assertEqual(self.collect(), self.truth)
            self.assertEqual(len(self.asked), 5)
            turns.update(self.asked)
        self.assertEqual(turns, set(self.position))

    def test_what_moves_is_asked_until_it_is_zero_and_settled(self) -> None:
        self.truth = {key: Minute(0.0, 0.0) for key in self.position}
        self.settle()
        self.position["t07"] += 1
        self.truth["t07"] = Minute(60.0, 1.0)
        for _ in range(20):
            self.assertEqual(self.collect()["t07"], Minute(60.0, 1.0))
        self.truth["t07"] = Minute(0.0, 0.0)
        self.assertEqual(self.collect()["t07"], Minute(0.0, 0.0))
        asked = 0
        for _ in range(8):
            self.collect()
            asked += "t07" in self.asked
        self.assertEqual(asked, 1)

    def test_a_counter_that_is_brought_forward_late_is_not_missed(self) -> None:
        self.truth = {key: Minute(0.0, 0.0) for key in self.position}
        self.settle()
        self.position["t07"] += 1
        # The first answer after the message says zero still.
        self.assertEqual(self.collect()["t07"], Minute(0.0, 0.0))
        self.truth["t07"] = Minute(1.0, 0.02)
        self.assertEqual(self.collect()["t07"], Minute(1.0, 0.02))

    def test_what_was_never_counted_stays_unknown(self) -> None:
        self.truth = {"t00": Minute(0.0, 0.0)}
        self.settle()
        self.assertEqual(self.collect(), self.truth)

    def test_a_topic_that_is_gone_is_forgotten(self) -> None:
        self.truth = {key: Minute(0.0, 0.0) for key in self.position}
        self.settle()
        del self.position["t07"]
        self.assertNotIn("t07", self.collect())
        self.counters.keep([])
        self.collect()
        self.assertEqual(len(self.asked), 39)
