"""What a master holds that somebody is still to read."""

import unittest
from typing import Dict, Tuple

from fake_group import LeavingMaster
from rocketmq_agent.node import remainder
from rocketmq_agent.node.remainder import Remainder, Waived

OWN = {"orders", "orders_REPLY_TOPIC", "broker-a", "broker-b"}
NOTHING = Waived(frozenset(), frozenset())


class Unread(unittest.TestCase):
    def setUp(self) -> None:
        self.master = LeavingMaster()
        self.addCleanup(self.master.close)

    def read(
        self,
        *elsewhere: Dict[Tuple[str, str], Dict[int, int]],
        waived: Waived = NOTHING,
    ) -> Remainder:
        return remainder.read(self.master.address, OWN, elsewhere, waived)

    def test_nothing(self) -> None:
        self.master.holds("ORDERS", 5, 2)
        self.master.holds("broker-a", 1)
        self.master.holds("RMQ_SYS_TRACE_TOPIC", 9)
        self.master.offsets["ORDERS", "billing"] = {0: 5, 1: 2}
        found = self.read()
        self.assertTrue(found.empty)
        self.assertEqual((found.lines(), found.summary()), ([], "nothing unread"))

    def test_by_consumer_group_and_topic(self) -> None:
        self.master.holds("ORDERS", 5, 2)
        self.master.holds("%RETRY%billing", 3)
        self.master.offsets["ORDERS", "billing"] = {0: 1, 1: 2}
        self.master.offsets["ORDERS", "audit"] = {0: 5}
        found = self.read()
        self.assertEqual(
            found.groups,
            {
                ("billing", "ORDERS"): 4,
                ("billing", "%RETRY%billing"): 3,
                ("audit", "ORDERS"): 2,
            },
        )
        self.assertEqual(
            found.lines(),
            [
                "consumer group audit: 2 (ORDERS 2)",
                "consumer group billing: 7 (ORDERS 4, %RETRY%billing 3)",
            ],
        )
        self.assertEqual(found.summary(), "9 unread: audit 2, billing 7")

    def test_a_group_that_reads_elsewhere_or_has_just_come(self) -> None:
        self.master.holds("ORDERS", 5)
        self.master.groups["billing"] = {}
        self.master.online = ["billing"]
        self.master.subscriptions["billing"] = ["ORDERS"]
        self.assertEqual(self.read().groups, {("billing", "ORDERS"): 5})
        self.master.online = []
        found = self.read({("ORDERS", "audit"): {0: 100}})
        self.assertEqual(found.groups, {("audit", "ORDERS"): 5})

    def test_what_expired_is_nobodys(self) -> None:
        self.master.holds("ORDERS", 5)
        self.master.queues["ORDERS", 0] = (4, 5)
        self.master.offsets["ORDERS", "billing"] = {0: 1}
        self.assertEqual(self.read().groups, {("billing", "ORDERS"): 1})

    def test_what_no_group_has_ever_read(self) -> None:
        self.master.holds("ORDERS", 5)
        self.master.holds("%DLQ%billing", 2)
        self.master.offsets["ORDERS", "TOOLS_CONSUMER"] = {0: 5}
        found = self.read()
        self.assertEqual(found.orphans, {"ORDERS": 5, "%DLQ%billing": 2})
        self.assertEqual(
            found.lines()[1], "topic ORDERS: 5, and no consumer group has ever read it"
        )
        waived = Waived(frozenset(), frozenset(["ORDERS", "%DLQ%billing"]))
        self.assertTrue(self.read(waived=waived).empty)

    def test_abandoned_groups_are_waived_with_their_retries(self) -> None:
        self.master.holds("ORDERS", 5)
        self.master.holds("%RETRY%old", 5)
        self.master.offsets["ORDERS", "old"] = {0: 1}
        self.assertTrue(self.read(waived=Waived(frozenset(["old"]), frozenset())).empty)

    def test_retries_of_pop_are_their_groups(self) -> None:
        self.master.holds("%RETRY%billing_eu_ORDERS", 1)
        self.master.holds("%RETRY%billing+ORDERS", 2)
        for group in ("billing", "billing_eu"):
            self.master.offsets["OTHER", group] = {0: 1}
        self.assertEqual(
            self.read().groups,
            {
                ("billing_eu", "%RETRY%billing_eu_ORDERS"): 1,
                ("billing", "%RETRY%billing+ORDERS"): 2,
            },
        )

    def test_broadcasting_groups_keep_their_offsets_themselves(self) -> None:
        self.master.holds("NEWS", 5)
        self.master.groups["all"] = {}
        self.master.online = self.master.broadcasting = ["all"]
        self.master.subscriptions["all"] = ["NEWS"]
        found = self.read()
        self.assertTrue(found.empty)
        self.assertEqual(found.broadcasting, ["all"])

    def test_delayed_messages(self) -> None:
        self.master.holds("SCHEDULE_TOPIC_XXXX", 5, 0, 3)
        self.master.delays = {1: 5, 3: 1}
        self.assertEqual(self.read().held, {"delayed messages": 2})

    def test_timer_messages(self) -> None:
        self.master.runtime.update(timerCongestNum="4", timerOffsetBehind="1", timerReadBehind="9")
        self.assertEqual(self.read().held, {"timer messages": 5})
        waived = Waived(frozenset(), frozenset(["rmq_sys_wheel_timer"]))
        self.assertTrue(self.read(waived=waived).empty)

    def test_half_messages(self) -> None:
        self.master.holds("RMQ_SYS_TRANS_HALF_TOPIC", 5)
        self.assertEqual(self.read().held, {"undecided transactions": 5})
        self.master.offsets["RMQ_SYS_TRANS_HALF_TOPIC", "CID_RMQ_SYS_TRANS"] = {0: 5}
        self.assertTrue(self.read().empty)

    def test_half_messages_that_nobody_decided(self) -> None:
        self.master.holds("TRANS_CHECK_MAX_TIME_TOPIC", 1)
        self.assertEqual(self.read().orphans, {"TRANS_CHECK_MAX_TIME_TOPIC": 1})

    def test_messages_that_were_taken_and_not_acknowledged(self) -> None:
        topic = "rmq_sys_REVIVE_LOG_orders"
        self.master.holds(topic, 6)
        self.master.tags[topic] = ["ck", "ck", "ack", "ck", "ack", "ack"]
        reader = topic, "CID_RMQ_SYS_REVIVE_GROUP"
        self.assertEqual(self.read().held, {"taken and not acknowledged": 3})
        # The broker commits the last check point that it is done with, not the one after it.
        self.master.offsets[reader] = {0: 1}
        self.assertEqual(self.read().held, {"taken and not acknowledged": 1})
        self.master.offsets[reader] = {0: 3}
        self.assertTrue(self.read().empty)

    def test_what_is_in_no_queue_yet(self) -> None:
        self.master.runtime["dispatchBehindBytes"] = "300"
        found = self.read()
        self.assertEqual((found.total, found.empty), (0, False))
