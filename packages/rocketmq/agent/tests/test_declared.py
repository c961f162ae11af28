"""Topics and groups that follow the program: made, changed, taken away, or refused to go."""

import json
import time
from typing import Any, Dict, List
from unittest import mock

from fake_topics import TopicsBroker

from fake_rocketmq import FakeServer, Reply, cluster_body
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import declared, shrink, vanish
from rocketmq_agent.remoting import RemotingError, codes
from rocketmq_agent.result import Result
from support import InFolder, document

GROUP = document("broker-a-0-config")["subscriptionGroups"]["billing"]


def topic(count: int = 2, **more: Any) -> Dict[str, Any]:
    sizes = {"readQueueNums": count, "writeQueueNums": count}
    return {**sizes, "perm": 6, "order": False, **more}


class Declaring(InFolder):
    """A master of two, its slave, and a name server."""

    version = 399

    def setUp(self) -> None:
        super().setUp()
        self.master, self.slave, self.other = (TopicsBroker(self.version) for _ in range(3))
        self.namesrv = FakeServer(self.version)
        for server in (self.master, self.slave, self.other, self.namesrv):
            self.addCleanup(server.close)
        self.document = document("broker-a-0-config")
        self.document["namesrv"] = [self.namesrv.address]
        own = {0: self.master.address, 1: self.slave.address}
        self.namesrv.on(106, cluster_body({"broker-a": own, "b": {0: self.other.address}}, "demo"))
        self.routes: List[str] = []
        self.orders: Dict[str, str] = {}
        self.namesrv.handlers.update(
            {
                codes.GET_ROUTEINFO_BY_TOPIC: lambda ext, _: Reply(
                    {"queueDatas": [], "brokerDatas": []} if ext["topic"] in self.routes else b"",
                    code=0 if ext["topic"] in self.routes else 17,
                ),
                codes.DELETE_TOPIC_IN_NAMESRV: lambda ext, _: self.forget(ext["topic"]),
                codes.GET_KVLIST_BY_NAMESPACE: lambda *_: Reply({"table": self.orders}),
                codes.GET_KV_CONFIG: lambda ext, _: (
                    Reply(ext={"value": self.orders[ext["key"]]})
                    if ext["key"] in self.orders
                    else Reply(code=22)
                ),
                codes.PUT_KV_CONFIG: lambda ext, _: self.note(ext),
                codes.DELETE_KV_CONFIG: lambda ext, _: self.note(ext),
            }
        )
        self.node = mock.Mock(record={})
        self.node.name = "broker-a-0"
        for module, name in (
            (shrink, "_ROUTES_SECONDS"),
            (shrink, "_READ_SECONDS"),
            (vanish, "_SLAVE_SECONDS"),
        ):
            patch = mock.patch.object(module, name, 0.3)
            patch.start()
            self.addCleanup(patch.stop)
        for module in (shrink, vanish):
            patch = mock.patch.object(module, "_POLL_SECONDS", 0.02)
            patch.start()
            self.addCleanup(patch.stop)

    def forget(self, name: str) -> Reply:
        self.routes.remove(name)
        return Reply()

    def note(self, ext: Dict[str, str]) -> Reply:
        if "value" in ext:
            self.orders[ext["key"]] = ext["value"]
        else:
            del self.orders[ext["key"]]
        return Reply()

    def declare(self, topics: Dict[str, Any], groups: Any = None, discard: Any = None) -> Result:
        """As the config step of a running broker does it."""
        wanted = {**self.document, "topics": topics, "subscriptionGroups": groups or {}}
        wanted["discard"] = {"topics": [], "subscriptionGroups": [], **(discard or {})}
        result = Result()
        declared.apply(wanted, self.node, self.master.address, result)
        return result

    def refused(self, *args: Any, **more: Any) -> StepError:
        with self.assertRaises(StepError) as caught:
            self.declare(*args, **more)
        self.assertEqual(caught.exception.code, ExitCode.REFUSED)
        return caught.exception


class Removed(Declaring):
    """A topic or group that is not in the document any more."""

    def setUp(self) -> None:
        super().setUp()
        self.declare({"T": topic(), "KEPT": topic()}, {"g": GROUP})
        for server in (self.slave, self.other):
            server.topics.update(json.loads(json.dumps(self.master.topics)))
            server.groups.update(self.master.groups)
        self.routes = ["T", "KEPT"]

    def test_empty_it_goes_everywhere(self) -> None:
        self.other.topics.clear()
        result = self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(result.changed, ["topic T removed"])
        self.assertEqual(list(self.master.topics), ["KEPT"])
        self.assertEqual(list(self.slave.topics), ["KEPT"])
        self.assertEqual(self.routes, ["KEPT"])
        # And nothing more is done the next time.
        self.assertEqual(self.declare({"KEPT": topic()}, {"g": GROUP}).changed, [])

    def test_the_last_master_has_the_name_servers_forget_it(self) -> None:
        self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(self.routes, ["T", "KEPT"])

    def test_all_topics_at_once(self) -> None:
        self.document.pop("topics", None)
        self.declare({}, {"g": GROUP})
        self.assertEqual(self.master.topics, {})

    def test_unread_it_is_refused_with_the_numbers(self) -> None:
        self.master.queues["T", 1] = (0, 5)
        self.master.offsets["T", "g"] = {1: 3}
        self.other.queues["T", 0] = (2, 9)
        error = self.refused({"KEPT": topic(), "NEW": topic()}, {"g": GROUP})
        self.assertIn("topic T cannot be removed", error.message)
        self.assertEqual(
            error.details,
            [
                # g has committed nothing there; that it reads T is known from the other master.
                "topic T: 7 messages on b unread by g",
                "topic T: 2 messages on broker-a unread by g",
            ],
        )
        # Nothing else of the change was begun.
        self.assertEqual(sorted(self.master.topics), ["KEPT", "T"])
        # Nor is it forgotten: the next run refuses it, too, and then takes it away.
        self.refused({"KEPT": topic()}, {"g": GROUP})
        self.master.offsets["T", "g"] = {1: 5}
        self.other.queues["T", 0] = (9, 9)
        self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertNotIn("T", self.master.topics)

    def test_read_it_goes_with_messages_in_it(self) -> None:
        self.master.queues["T", 1] = (0, 5)
        self.master.offsets["T", "g"] = {1: 5}
        self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertNotIn("T", self.master.topics)

    def test_readers_of_one_that_comes_again_begin_anew(self) -> None:
        for queue in (0, 1):
            self.master.queues["T", queue] = (0, 5)
        self.master.offsets["T", "g"] = {0: 5, 1: 5}
        self.master.offsets["KEPT", "g"] = {0: 7}
        self.declare({"KEPT": topic()}, {"g": GROUP})
        # RocketMQ 4.9 keeps them: the first five messages of a new T would be read by nobody.
        self.assertEqual(self.master.offsets, {("T", "g"): {0: 0, 1: 0}, ("KEPT", "g"): {0: 7}})

    def test_discarded_it_goes(self) -> None:
        self.master.queues["T", 1] = (0, 5)
        self.declare({"KEPT": topic()}, {"g": GROUP}, {"topics": ["T"]})
        self.assertNotIn("T", self.master.topics)

    def test_a_reader_that_has_committed_nothing_yet_holds_it_up(self) -> None:
        self.master.queues["T", 1] = (0, 5)
        self.master.offsets["T", "done"] = {1: 5}
        self.master.groups["done"] = {"groupName": "done"}
        self.master.online.append("g")
        self.master.subscriptions["g"] = ["T"]
        error = self.refused({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(error.details, ["topic T: 5 messages on broker-a unread by g"])

    def test_what_is_to_be_given_again_holds_it_up_and_goes_with_it(self) -> None:
        self.master.queues["T", 1] = (0, 5)
        self.master.offsets["T", "g"] = {1: 5}
        # As newer releases of RocketMQ 5 name them, and older ones.
        for name in ("%RETRY%g+T", "%RETRY%g_T"):
            self.master.has(name, 1)
            self.master.queues[name, 0] = (0, 3)
        self.master.offsets["%RETRY%g_T", "g"] = {0: 3}
        self.master.has("%RETRY%g+KEPT", 1)
        error = self.refused({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(
            error.details,
            [
                "topic T: 3 messages on broker-a that g took, did not acknowledge,"
                " and is to get again"
            ],
        )
        self.declare({"KEPT": topic()}, {"g": GROUP}, {"topics": ["T"]})
        self.assertEqual(sorted(self.master.topics), ["%RETRY%g+KEPT", "KEPT"])

    def test_what_a_group_is_to_get_again_holds_it_up_too(self) -> None:
        self.master.has("%RETRY%g+KEPT", 1)
        self.master.queues["%RETRY%g+KEPT", 0] = (0, 2)
        error = self.refused({"T": topic(), "KEPT": topic()})
        self.assertIn("topic KEPT: 2 messages on broker-a that g took", error.details[0])
        self.declare({"T": topic(), "KEPT": topic()}, None, {"subscriptionGroups": ["g"]})
        self.assertEqual(sorted(self.master.topics), ["KEPT", "T"])

    def test_what_was_not_declared_stays(self) -> None:
        self.master.has("BY_HAND")
        self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertIn("BY_HAND", self.master.topics)

    def test_a_master_that_cannot_be_asked_holds_it_up(self) -> None:
        self.other.close()
        with self.assertRaises(RemotingError):
            self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertIn("T", self.master.topics)

    def without_master(self) -> None:
        """Name servers have forgotten the other master; its slave is there."""
        own = {0: self.master.address, 1: self.slave.address}
        body = cluster_body({"broker-a": own, "b": {1: self.other.address}}, "demo")
        self.namesrv.on(codes.GET_BROKER_CLUSTER_INFO, body)

    def test_a_slave_without_master_tells_who_reads_and_what_is_unread(self) -> None:
        self.without_master()
        self.master.queues["T", 1] = (0, 5)
        self.master.offsets["T", "done"] = {1: 5}
        self.master.groups["done"] = {"groupName": "done"}
        self.other.offsets["T", "g"] = {0: 2}
        self.other.queues["T", 0] = (0, 4)
        error = self.refused({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(
            error.details,
            [
                "topic T: 2 messages on b (its slave: no master is there now) unread by g",
                "topic T: 5 messages on broker-a unread by g",
            ],
        )

    def test_what_a_slave_without_master_hands_out_keeps_its_route(self) -> None:
        self.without_master()
        self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(self.routes, ["T", "KEPT"])

    def test_a_slave_without_master_that_cannot_be_asked_holds_it_up(self) -> None:
        self.without_master()
        self.other.close()
        with self.assertRaisesRegex(RemotingError, "b has no master now.*discardTopics"):
            self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertIn("T", self.master.topics)

    def test_a_slave_that_is_away_is_told_of(self) -> None:
        self.slave.close()
        result = self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertIn("a slave could not be told", result.warnings[0])

    def test_a_slave_of_4_9_that_lacks_topics_is_not_told(self) -> None:
        del self.slave.topics["KEPT"]
        result = self.declare({"KEPT": topic()}, {"g": GROUP})
        self.assertEqual(self.slave.asked(codes.DELETE_TOPIC_IN_BROKER), [])
        self.assertIn("does not have its master's topics", result.warnings[0])

    def test_a_group_that_reads_nothing_goes_with_its_retry_topic(self) -> None:
        self.master.has("%RETRY%g", 1)
        self.master.has("%DLQ%g", 1)
        self.declare({"T": topic(), "KEPT": topic()})
        self.assertEqual(self.master.groups, {})
        self.assertEqual(self.slave.groups, {})
        self.assertEqual(sorted(self.master.topics), ["KEPT", "T"])

    def test_a_group_in_use_or_behind_stays(self) -> None:
        self.other.online = ["g"]
        self.master.queues["T", 0] = (0, 4)
        self.master.offsets["T", "g"] = {0: 1}
        self.master.has("%RETRY%g", 1)
        self.master.queues["%RETRY%g", 0] = (0, 2)
        error = self.refused({"T": topic(), "KEPT": topic()})
        self.assertEqual(
            sorted(error.details),
            [
                "subscription group g: 1 consumers connected to b",
                "subscription group g: 2 messages of topic %RETRY%g on broker-a",
                "subscription group g: 3 messages of topic T on broker-a",
            ],
        )
        self.declare({"T": topic(), "KEPT": topic()}, None, {"subscriptionGroups": ["g"]})
        self.assertEqual(self.master.groups, {})

    def test_a_group_that_was_away_when_a_broker_came_has_to_read_there(self) -> None:
        self.other.offsets["T", "g"] = {0: 0}
        self.master.queues["T", 0] = (0, 4)
        error = self.refused({"T": topic(), "KEPT": topic()})
        self.assertEqual(error.details, ["subscription group g: 4 messages of topic T on broker-a"])

    def test_dead_letters_stay(self) -> None:
        self.master.has("%DLQ%g", 1)
        self.master.queues["%DLQ%g", 0] = (0, 3)
        result = self.declare({"T": topic(), "KEPT": topic()})
        self.assertIn("%DLQ%g", self.master.topics)
        self.assertIn("3 dead letters", result.warnings[0])

    def test_a_topic_and_its_reader_together(self) -> None:
        self.master.queues["T", 0] = (0, 4)
        self.master.offsets["T", "g"] = {0: 1}
        self.refused({"KEPT": topic()})
        # What only the discarded group has not read is nobody's.
        self.declare({"KEPT": topic()}, None, {"subscriptionGroups": ["g"]})
        self.assertEqual(list(self.master.topics), ["KEPT"])


class RemovedOn5(Declaring):
    """RocketMQ 5."""

    version = 513

    def test_its_slave_is_told_at_once(self) -> None:
        self.declare({"T": topic(), "KEPT": topic()})
        self.slave.has("T")
        result = self.declare({"KEPT": topic()})
        self.assertEqual((self.slave.topics, result.warnings), ({}, []))

    def test_a_message_type_is_taken_back(self) -> None:
        self.declare({"T": topic(messageType="FIFO")})
        self.master.topics["T"]["attributes"] = {"message.type": "FIFO"}
        # The fake broker takes every attribute away.
        self.assertEqual(self.declare({"T": topic()}).changed, ["topic T"])
        asked = [ext["attributes"] for ext, _ in self.master.asked(17) if "attributes" in ext]
        self.assertEqual(asked, ["+message.type=FIFO", "-message.type"])


class Shrunk(Declaring):
    """Fewer queues than there are."""

    def setUp(self) -> None:
        super().setUp()
        self.declare({"T": topic(4, order=True)}, {"g": GROUP})

    def sizes(self) -> List[int]:
        return [int(self.master.topics["T"][key]) for key in ("writeQueueNums", "readQueueNums")]

    def test_writes_first_then_reads(self) -> None:
        result = self.declare({"T": topic(2, order=True)}, {"g": GROUP})
        sent = [
            (ext["writeQueueNums"], ext["readQueueNums"]) for ext, _ in self.master.asked(17)[1:]
        ]
        self.assertEqual(sent, [("2", "4"), ("2", "2")])
        self.assertIn("topic T: queues 4 -> 2", result.changed)
        self.assertEqual(self.orders, {"T": "broker-a:2"})

    def test_waits_until_producers_know(self) -> None:
        start = time.monotonic()
        self.declare({"T": topic(2)}, {"g": GROUP})
        self.assertGreaterEqual(time.monotonic() - start, 0.3)

    def test_unread_queues_stay_readable(self) -> None:
        self.master.queues["T", 3] = (0, 6)
        self.master.offsets["T", "g"] = {0: 0, 3: 2}
        error = self.refused({"T": topic(2)}, {"g": GROUP})
        self.assertEqual(error.details, ["4 messages in queues of topic T that go, unread by g"])
        self.assertEqual(self.sizes(), [2, 4])
        self.master.offsets["T", "g"] = {3: 6}
        self.declare({"T": topic(2)}, {"g": GROUP})
        self.assertEqual(self.sizes(), [2, 2])

    def test_what_nobody_reads_is_refused_before_anything_changes(self) -> None:
        self.master.queues["T", 3] = (0, 6)
        error = self.refused({"T": topic(2)}, {"g": GROUP})
        self.assertIn("which no consumer group reads", error.details[0])
        self.assertEqual(self.sizes(), [4, 4])
        self.declare({"T": topic(2)}, {"g": GROUP}, {"topics": ["T"]})
        self.assertEqual(self.sizes(), [2, 2])

    def test_a_slave_without_master_tells_who_reads(self) -> None:
        own = {0: self.master.address}
        body = cluster_body({"broker-a": own, "b": {1: self.other.address}}, "demo")
        self.namesrv.on(codes.GET_BROKER_CLUSTER_INFO, body)
        self.master.queues["T", 3] = (0, 6)
        self.master.offsets["T", "done"] = {3: 6}
        self.master.groups["done"] = {"groupName": "done"}
        self.other.offsets["T", "g"] = {0: 1}
        error = self.refused({"T": topic(2)}, {"g": GROUP})
        self.assertEqual(error.details, ["6 messages in queues of topic T that go, unread by g"])

    def test_only_writes_lowered_waits_for_nobody(self) -> None:
        self.master.queues["T", 3] = (0, 6)
        self.declare({"T": {**topic(4), "writeQueueNums": 2}}, {"g": GROUP})
        self.assertEqual(self.sizes(), [2, 4])

    def test_more_queues_at_once(self) -> None:
        self.declare({"T": topic(8)}, {"g": GROUP})
        self.assertEqual(self.sizes(), [8, 8])

    def test_an_order_that_another_broker_writes_over_at_the_same_moment(self) -> None:
        looks = []

        def get(ext: Dict[str, str], _: bytes) -> Reply:
            looks.append(ext["key"])
            value = self.orders["T"]
            if len(looks) == 2:
                # It had read the note before this one was written, and writes now.
                self.orders["T"] = "b:4"
            return Reply(ext={"value": value})

        self.orders["T"] = "x:1"
        self.namesrv.handlers[codes.GET_KV_CONFIG] = get
        result = self.declare({"T": topic(4, order=True)}, {"g": GROUP})
        self.assertEqual(self.orders, {"T": "b:4;broker-a:4"})
        self.assertEqual(len(result.changed), 1)

    def test_an_order_that_is_not_kept_any_more(self) -> None:
        self.orders["T"] = "b:4;broker-a:4"
        self.declare({"T": topic(4)}, {"g": GROUP})
        self.assertEqual(self.orders, {"T": "b:4"})
