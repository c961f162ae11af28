"""A group is closed for good, waited for, and not removed before it was read."""

import json
import os
import time
from typing import Any, Callable, Dict, Iterator, List
from unittest import mock

from fake_group import LeavingGroup
from rocketmq_agent.document import parse
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import closing, decommission
from rocketmq_agent.node.node import Node, record_path
from rocketmq_agent.remoting.errors import RemotingError
from rocketmq_agent.remoting.permission import set_open
from rocketmq_agent.result import Result
from rocketmq_agent.system.files import write_json
from support import InFolder, document


class WithGroup(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.group = LeavingGroup()
        self.addCleanup(self.group.close)
        self.master = self.group.master
        for target, name, value in (
            (decommission, "_QUIET_SECONDS", 0.03),
            (decommission, "_POLL_SECONDS", 0.01),
            (decommission, "_TELL_SECONDS", 0.0),
            (closing, "_POLL_SECONDS", 0.01),
            (closing.lease, "discard", lambda _: None),
        ):
            patch = mock.patch.object(target, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        self.said: List[str] = []
        for module in (decommission, closing):
            patch = mock.patch.object(module, "say", self.said.append)
            patch.start()
            self.addCleanup(patch.stop)

    def remember(self, **record: Any) -> None:
        os.makedirs(os.path.dirname(record_path("x")), exist_ok=True)
        cluster = self.group.document()["cluster"]
        write_json(record_path("broker-a-0"), {"cluster": cluster, "good": "1", **record})

    def record(self) -> Dict[str, Any]:
        with open(record_path("broker-a-0"), encoding="utf-8") as file:
            return dict(json.load(file))

    def closed(self, ago: float = 60.0) -> None:
        self.remember(closedSince=time.time() - ago)
        self.master.config["brokerPermission"] = "4"


class Waiting(WithGroup):
    def wait(self, sleep: Callable[[float], None] = time.sleep, **more: Any) -> Result:
        text = json.dumps(self.group.document(**more))
        return decommission.wait(parse("broker-decommission", text), sleep)

    def failure(self, **more: Any) -> StepError:
        with self.assertRaises(StepError) as caught:
            self.wait(**more)
        return caught.exception

    def test_a_group_that_was_read(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 5)
        self.master.offsets["ORDERS", "billing"] = {0: 5}
        self.assertEqual(self.wait().changed, ["broker-a: all of it was read"])

    def test_progress_until_it_was_read(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 2)
        self.master.offsets["ORDERS", "billing"] = offsets = {0: 0}

        def consume(seconds: float) -> None:
            offsets[0] = min(2, offsets[0] + 1)
            time.sleep(seconds)

        self.wait(consume)
        self.assertEqual(
            self.said[:2],
            ["broker-a-0: 2 unread: billing 2", "broker-a-0: 1 unread: billing 1"],
        )

    def test_two_looks_with_nothing_between_them(self) -> None:
        self.closed()
        counts: Iterator[int] = iter(range(1000))
        still = iter([True] * 5)

        def come(seconds: float) -> None:
            # Messages come that are read at once: whoever sends them would go on.
            if next(still, False):
                self.master.runtime["putMessageTimesTotal"] = f"{next(counts)}"
            time.sleep(seconds)

        self.wait(come)
        self.assertIsNone(next(still, None))

    def test_the_wait_is_bounded_and_tells_what_is_left(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 5)
        self.master.holds("LOGS", 3)
        self.master.offsets["ORDERS", "billing"] = {0: 1}
        self.master.runtime["timerCongestNum"] = "2"
        error = self.failure(timeout=0)
        self.assertEqual(error.code, ExitCode.NOT_DRAINED)
        self.assertIn("9 messages in it are unread", error.message)
        self.assertIn("goes on from here", error.remedy)
        self.assertEqual(
            error.details,
            [
                "consumer group billing: 4 (ORDERS 4)",
                "topic LOGS: 3, and no consumer group has ever read it",
                "timer messages: 2 (in rmq_sys_wheel_timer)",
            ],
        )

    def test_waived(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 5)
        self.master.holds("LOGS", 3)
        self.master.offsets["ORDERS", "old"] = {0: 1}
        self.wait(ignoreGroups=["old"], ignoreTopics=["LOGS"])

    def test_a_broker_that_does_not_answer(self) -> None:
        self.closed()
        self.master.close()
        self.assertIn("cannot be told", self.failure(timeout=0).message)

    def test_another_master_that_does_not_answer(self) -> None:
        self.closed()
        self.group.peer.close()
        self.assertIn("who reads at broker-b", self.failure(timeout=0).message)

    def test_who_reads_at_another_master_reads_here(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 5)
        self.group.peer.offsets["ORDERS", "audit"] = {0: 9}
        self.assertIn("consumer group audit: 5 (ORDERS 5)", self.failure(timeout=0).details)

    def test_a_group_without_master_is_asked_through_its_slave(self) -> None:
        self.closed()
        self.group.knows(1)
        self.master.holds("ORDERS", 5)
        self.master.offsets["ORDERS", "billing"] = {0: 5}
        self.group.peer.offsets["ORDERS", "audit"] = {0: 9}
        self.assertIn("consumer group audit: 5 (ORDERS 5)", self.failure(timeout=0).details)
        told = "broker-a-0: broker-b has no master now: its slave tells who reads there"
        self.assertEqual(self.said.count(told), 1)
        self.wait(ignoreGroups=["audit"])
        self.group.peer.close()
        message = self.failure(timeout=0, ignoreGroups=["audit"]).message
        self.assertIn("who reads at broker-b, which has no master now, cannot be told", message)

    def test_a_group_that_restarts_meanwhile_is_waited_for(self) -> None:
        # It is not registered until it is up again; it alone knows that audit reads.
        self.closed()
        self.master.holds("ORDERS", 5)
        self.master.offsets["ORDERS", "billing"] = {0: 5}
        self.group.peer.offsets["ORDERS", "audit"] = {0: 9}

        def stop(seconds: float) -> None:
            self.group.knows()
            time.sleep(seconds)

        with self.assertRaisesRegex(StepError, "broker-b has left the name servers"):
            self.wait(stop, timeout=1)

    def test_clients_have_the_time_to_turn_away(self) -> None:
        self.closed(ago=10)
        slept: List[float] = []
        self.wait(
            lambda seconds: slept.append(seconds) or time.sleep(min(seconds, 0.01)), seconds=30
        )
        self.assertAlmostEqual(slept[0], 20, delta=2)

    def test_opened_by_somebody_it_is_closed_again(self) -> None:
        self.closed()
        self.master.config["brokerPermission"] = "6"
        self.wait()
        self.assertEqual(self.master.config["brokerPermission"], "4")

    def test_taken_back_by_a_later_update_it_stays_open(self) -> None:
        # The engine of this step was killed; the step itself goes on.
        for unread in (5, 0):
            self.closed()
            self.master.holds("ORDERS", unread)
            self.master.offsets["ORDERS", "billing"] = {0: 0}

            def open_again(seconds: float) -> None:
                self.remember()
                self.master.config["brokerPermission"] = "6"

            with self.assertRaisesRegex(StepError, "is not taken out any more"):
                self.wait(open_again)
            self.assertEqual(self.master.config["brokerPermission"], "6")

    def test_not_closed_by_its_config_step(self) -> None:
        self.remember()
        self.assertEqual(self.failure().code, ExitCode.REFUSED)


class Removing(WithGroup):
    def may_go(self, **more: Any) -> Result:
        return decommission.may_go(parse("broker-may-go", json.dumps(self.group.document(**more))))

    def refused(self, **more: Any) -> StepError:
        with self.assertRaises(StepError) as caught:
            self.may_go(**more)
        self.assertEqual(caught.exception.code, ExitCode.REFUSED)
        return caught.exception

    def test_with_unread_messages(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 5)
        self.master.offsets["ORDERS", "billing"] = {0: 1}
        error = self.refused()
        self.assertEqual(error.message, "broker-a was not removed: it has 4 unread messages")
        self.assertEqual(error.details, ["consumer group billing: 4 (ORDERS 4)"])
        self.assertIn("ignoreGroups", error.remedy)
        self.may_go(ignoreGroups=["billing"])

    def test_open_for_writes(self) -> None:
        self.remember()
        self.assertIn("is open for writes", self.refused().message)
        self.master.holds("ORDERS", 5)
        error = self.refused()
        self.assertIn("5 unread", error.message)
        self.assertIn("name it in decommission", error.remedy)

    def test_opened_by_hand(self) -> None:
        self.closed()
        self.master.config["brokerPermission"] = "6"
        with self.assertRaisesRegex(StepError, "is open for writes"):
            self.may_go()

    def test_what_was_read_once_and_is_not_taken_out_any_more(self) -> None:
        self.closed()
        self.wait()
        self.remember()
        self.master.close()
        with self.assertRaisesRegex(StepError, "does not run"):
            self.may_go()

    def wait(self) -> None:
        decommission.wait(parse("broker-decommission", json.dumps(self.group.document())))

    def test_read_to_its_end(self) -> None:
        self.closed()
        self.may_go()
        self.wait()
        self.group.peer.close()
        self.may_go()

    def test_another_group_that_cannot_be_asked(self) -> None:
        self.closed()
        self.group.peer.close()
        error = self.refused()
        self.assertIn("may not be read to its end: who reads at broker-b cannot", error.message)
        self.assertIn("given up with lost", error.remedy)

    def test_no_name_server_that_answers(self) -> None:
        self.closed()
        self.group.namesrv.close()
        self.assertIn("no name server answers", self.refused().message)

    def test_another_group_that_restarts_after_a_wait_in_vain(self) -> None:
        self.closed()
        self.master.holds("ORDERS", 5)
        self.group.peer.offsets["ORDERS", "audit"] = {0: 9}
        self.master.offsets["ORDERS", "billing"] = {0: 5}
        with self.assertRaisesRegex(StepError, "5 messages in it are unread"):
            text = json.dumps(self.group.document(timeout=0))
            decommission.wait(parse("broker-decommission", text))
        self.group.knows()
        self.assertIn("broker-b has left the name servers", self.refused().message)

    def test_another_group_without_master_tells_who_reads(self) -> None:
        self.closed()
        self.group.knows(1)
        self.master.holds("ORDERS", 5)
        self.group.peer.offsets["ORDERS", "audit"] = {0: 9}
        self.assertEqual(self.refused().details, ["consumer group audit: 5 (ORDERS 5)"])

    def test_closed_a_moment_ago_it_may_still_be_sent_to(self) -> None:
        self.closed(ago=10)
        error = self.refused()
        self.assertIn("producers may still send", error.message)
        self.assertRegex(error.remedy, "again in (19|20) s")
        self.remember(closedSince=time.time() - 10, closedSeconds=5)
        self.may_go()

    def test_stopped(self) -> None:
        self.closed()
        self.wait()
        self.master.close()
        self.may_go()
        decommission.forget("broker-a-0")
        self.assertIn("does not run", self.refused().message)

    def test_gone_already_or_another_clusters(self) -> None:
        self.may_go()
        self.remember(cluster="other")
        self.may_go()


class Closing(WithGroup):
    def setUp(self) -> None:
        super().setUp()
        self.files: List[str] = []

    def node(self) -> Node:
        config = document("broker-a-0-config")
        with mock.patch.object(Node, "_check_owner"):
            return Node(config, config["release"]["unit"]["name"])

    def close(self, node: Node, sleep: Callable[[float], None] = time.sleep) -> Result:
        result = Result()
        asked = self.group.document(decommission={"seconds": 30})
        closing.close(
            node,
            asked,
            self.master.address,
            lambda: self.files.append("written"),
            lambda: self.files.append("in the orders"),
            result,
            sleep,
        )
        return result

    def test_remembered_for_the_next_start(self) -> None:
        node = self.node()
        self.assertEqual(closing.keys(node), {})
        self.assertEqual(self.close(node).changed, ["broker-a closed for writes"])
        self.assertEqual(self.master.config["brokerPermission"], "4")
        self.assertEqual(self.files, ["written"])
        self.assertAlmostEqual(self.record()["closedSince"], time.time(), delta=60)
        self.assertEqual(closing.turn_seconds(self.record()), 30)
        again = self.node()
        self.assertEqual(closing.keys(again), {"brokerPermission": "4"})
        self.assertEqual(self.close(again).changed, [])
        set_open(self.master.address, True)
        self.assertEqual(self.close(again).changed, ["broker-a closed for writes"])
        closing.note(again, False)
        self.assertNotIn("closedSince", self.record())

    def test_closed_already_by_a_rollout_that_was_cut_off(self) -> None:
        set_open(self.master.address, False)
        self.assertEqual(self.close(self.node()).changed, [])
        self.assertEqual(self.files, ["written"])

    def test_taken_out_of_the_order_of_topics_first(self) -> None:
        self.group.orders = {"SEQUENCE": "broker-a:4;broker-b:4", "OTHER": "broker-b:4"}
        at: List[str] = []

        def sleep(seconds: float) -> None:
            at.append(f"{seconds:.0f} s at {self.master.config['brokerPermission']}")

        self.close(self.node(), sleep)
        self.assertEqual(self.group.orders, {"SEQUENCE": "broker-b:4", "OTHER": "broker-b:4"})
        self.assertEqual(at[0], "30 s at 6")

    def ordered(self) -> Node:
        """The node of a master with an ordered topic, and what holds its lease."""
        self.master.has("CONTRACTS", 1)
        self.master.topics["CONTRACTS"]["order"] = True
        held = mock.Mock(
            take=lambda: self.group.events.append("lease"),
            release=lambda: self.group.events.append("released"),
            leave=lambda: self.group.events.append("left"),
        )
        patch = mock.patch.object(closing.lease, "Lease", lambda *_, **more: held)
        patch.start()
        self.addCleanup(patch.stop)
        return self.node()

    def test_producers_of_ordered_topics_are_led_away_first(self) -> None:
        node = self.ordered()
        self.close(node, lambda seconds: self.group.events.append(f"{seconds:.0f} s"))
        events = self.group.events
        self.assertEqual(events[:4], ["lease", "wiped", "5 s", "wiped"])
        self.assertEqual(events.count("5 s"), 6)
        self.assertEqual(events[-4:], ["wiped", "set to 4", "released", "left"])
        # It is closed now, and nobody has to be led away.
        self.group.events.clear()
        self.close(node)
        self.assertEqual(self.group.events, [])

    def test_led_away_and_not_closed_it_is_open_again(self) -> None:
        node = self.ordered()
        with self.assertRaises(KeyboardInterrupt):
            self.close(node, mock.Mock(side_effect=KeyboardInterrupt))
        # To the lease.
        self.assertEqual(self.group.events, ["lease", "wiped", "left"])
        self.assertIsNone(closing.since(node.record))
        with self.assertRaises(StepError):
            self.close(node, mock.Mock(side_effect=RemotingError("refused")))
        self.assertEqual(self.group.events[-2:], ["left", "set to 6"])
        self.assertFalse(self.group.wiped)

    def test_what_cannot_be_closed_everywhere_is_open_again(self) -> None:
        node = self.node()
        silent = mock.Mock(side_effect=RemotingError("refused"))
        with mock.patch.object(closing, "_seen", silent), self.assertRaises(StepError):
            self.close(node)
        # Who takes the change back has nothing to run.
        self.assertEqual(self.master.config["brokerPermission"], "6")
        self.assertIsNone(closing.since(node.record))
        self.assertEqual(self.files, ["written", "written", "in the orders"])

    def test_a_broker_that_does_not_answer(self) -> None:
        self.master.close()
        with self.assertRaisesRegex(StepError, "cannot be closed"):
            self.close(self.node())
