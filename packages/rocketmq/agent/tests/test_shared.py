"""What a new master takes over before its first start."""

import json
import os
from typing import Any, Callable, Dict, List
from unittest import mock

from fake_rocketmq import FakeServer, Reply, cluster_body
from rocketmq_agent.errors import StepError
from rocketmq_agent.node import shared
from rocketmq_agent.remoting import codes
from rocketmq_agent.result import Result
from support import InFolder, document

TOPICS = {
    name: {"topicName": name, "readQueueNums": 4, "writeQueueNums": 4, "perm": 6, "order": False}
    for name in [
        *["ORDERS", "PAYMENTS", "demo", "broker-b", "demo_REPLY_TOPIC", "TBW102", "%RETRY%billing"],
        *["SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRANS_HALF_TOPIC", "rmq_sys_SYNC_BROKER_MEMBER_broker-b"],
    ]
}
GROUPS = {name: {"groupName": name} for name in ["billing", "TOOLS_CONSUMER", "CID_ONSAPI_PULL"]}


class TakeOver(InFolder):
    """Before its first start."""

    def setUp(self) -> None:
        super().setUp()
        self.namesrv, self.master = FakeServer(), FakeServer()
        self.addCleanup(self.namesrv.close)
        self.addCleanup(self.master.close)
        self.master.on(codes.GET_ALL_TOPIC_CONFIG, {"topicConfigTable": TOPICS})
        self.master.on(
            codes.GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
            {"subscriptionGroupTable": GROUPS, "forbiddenTable": {"billing": {"PAYMENTS": 1}}},
        )
        self.document = document("broker-a-0-config")
        self.document["namesrv"] = [self.namesrv.address]
        self.document["identity"]["storePathRootDir"] = self.path("store")
        self.cluster({"broker-b": {0: self.master.address}})

    def cluster(self, brokers: Dict[str, Dict[int, str]]) -> None:
        self.namesrv.on(codes.GET_BROKER_CLUSTER_INFO, cluster_body(brokers, "demo"))

    def take_over(self, sleep: Callable[[float], None] = lambda _: None) -> Result:
        result = Result()
        node = mock.Mock()
        node.name = "broker-a-0"
        node.account().pw_uid, node.account().pw_gid = os.getuid(), os.getgid()
        with mock.patch.object(shared, "_PATIENCE_SECONDS", 0.0):
            shared.take_over(self.document, node, result, sleep)
        return result

    def file(self, name: str) -> Any:
        with open(self.path("store", "config", name), encoding="utf-8") as file:
            return json.load(file)

    def test_a_slave_has_everything_of_its_master(self) -> None:
        self.document["identity"]["brokerId"] = 1
        self.cluster({"broker-a": {0: self.master.address}})
        self.assertIn("10 topics and 3 consumer groups", self.take_over().changed[0])
        self.assertEqual(self.file("topics.json")["topicConfigTable"], TOPICS)

    def test_the_slave_of_a_group_that_joins_waits_for_its_master(self) -> None:
        self.document["identity"]["brokerId"] = 1
        waited: List[float] = []

        def starts(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                old = {0: self.master.address}
                self.cluster({"broker-a": {0: self.master.address}, "broker-b": old})

        self.assertIn("10 topics and 3 consumer groups", self.take_over(starts).changed[0])
        self.assertEqual(len(waited), 3)

    def test_a_slave_starts_without_a_master_that_does_not_come(self) -> None:
        self.document["identity"]["brokerId"] = 1
        with mock.patch.object(shared, "_MASTER_SECONDS", 0.0):
            # Other groups are no source: it would lead producers to a group without a master.
            self.assertEqual(self.take_over().changed, [])
        self.assertFalse(os.path.exists(self.path("store", "config")))

    def test_a_slave_does_not_wait_where_there_is_nothing_to_take(self) -> None:
        self.document["identity"]["brokerId"] = 1
        self.master.on(codes.GET_ALL_TOPIC_CONFIG, {"topicConfigTable": {"TBW102": {}}})
        for brokers in ({}, {"broker-b": {0: self.master.address}}):
            self.cluster(brokers)
            self.assertEqual(self.take_over(self.fail).changed, [])

    def test_users_topics_and_groups_are_in_the_store(self) -> None:
        result = self.take_over()
        topics = self.file("topics.json")
        self.assertEqual(sorted(topics["topicConfigTable"]), ["ORDERS", "PAYMENTS"])
        self.assertEqual(topics["topicConfigTable"]["ORDERS"], TOPICS["ORDERS"])
        self.assertEqual(sorted(topics["dataVersion"]), ["counter", "timestamp"])
        groups = self.file("subscriptionGroup.json")
        self.assertEqual(sorted(groups["subscriptionGroupTable"]), ["billing"])
        self.assertEqual(groups["forbiddenTable"], {"billing": {"PAYMENTS": 1}})
        self.assertEqual(result.changed, ["2 topics and 1 consumer groups of broker-b taken over"])
        self.assertFalse(os.path.exists(self.path("store", "config", "messageRequestMode.json")))
        # Once: what the store has then is its own.
        self.assertEqual(self.take_over().changed, [])

    def old_store(self, topics: str) -> None:
        self.write("store/config/topics.json", topics)

    def test_one_that_comes_back_gets_what_was_made_meanwhile(self) -> None:
        own = {**TOPICS["ORDERS"], "readQueueNums": 16}
        version = '{"counter":7,"stateVersion":3,"timestamp":1}'
        # As fastjson writes it.
        self.old_store(
            f'{{"dataVersion":{version},'
            f'"topicConfigTable":{{"ORDERS":{json.dumps(own)},"OLD":{{"topicName":"OLD",0:1}}}}}}'
        )
        result = self.take_over()
        self.assertEqual(result.changed, ["1 topics and 1 consumer groups of broker-b taken over"])
        topics = self.file("topics.json")
        # What its messages fit is its own.
        self.assertEqual(topics["topicConfigTable"]["ORDERS"], own)
        self.assertEqual(sorted(topics["topicConfigTable"]), ["OLD", "ORDERS", "PAYMENTS"])
        self.assertEqual(topics["dataVersion"]["counter"], 8)
        self.assertEqual(topics["dataVersion"]["stateVersion"], 3)
        self.assertGreater(topics["dataVersion"]["timestamp"], 1)
        self.assertEqual(self.take_over().changed, [])
        self.assertEqual(self.file("topics.json"), topics)

    def test_one_that_comes_back_starts_where_nobody_answers(self) -> None:
        self.old_store('{"topicConfigTable":{"ORDERS":{}}}')
        self.master.close()
        warnings = self.take_over().warnings
        self.assertIn("starts with the topics of its old store alone", warnings[0])
        self.assertEqual(self.file("topics.json"), {"topicConfigTable": {"ORDERS": {}}})

    def test_a_file_that_cannot_be_read_is_left_alone(self) -> None:
        self.old_store('{"topicConfig')
        self.assertIn("topics.json cannot be read", self.take_over().warnings[0])
        with open(self.path("store", "config", "topics.json"), encoding="utf-8") as file:
            self.assertEqual(file.read(), '{"topicConfig')

    def test_how_groups_read_is_taken_along(self) -> None:
        mode = {"topic": "ORDERS", "consumerGroup": "billing", "mode": "POP"}
        modes = {"ORDERS": {"billing": mode}, "RMQ_SYS_X": {"billing": mode}}
        body = json.dumps({"messageRequestModeMap": modes}).encode()
        self.master.on(codes.GET_ALL_MESSAGE_REQUEST_MODE, body)
        self.take_over()
        found = self.file("messageRequestMode.json")
        self.assertEqual(found, {"messageRequestModeMap": {"ORDERS": {"billing": mode}}})

    def test_the_first_group_of_a_cluster_takes_nothing(self) -> None:
        for brokers in ({}, {"broker-a": {1: self.master.address}}):
            self.cluster(brokers)
            self.assertEqual(self.take_over().changed, [])
        self.assertFalse(os.path.exists(self.path("store", "config", "topics.json")))

    def test_one_broker_that_answers_is_enough(self) -> None:
        gone = FakeServer()
        gone.close()
        self.cluster({"broker-b": {0: gone.address}, "broker-c": {0: self.master.address}})
        self.assertIn("of broker-c", self.take_over().changed[0])
        self.cluster({"broker-b": {0: gone.address, 1: self.master.address}})
        os.unlink(self.path("store", "config", "topics.json"))
        self.assertIn("of broker-b", self.take_over().changed[0])

    def test_where_nobody_answers_nothing_is_started(self) -> None:
        self.master.close()
        with self.assertRaises(StepError) as caught:
            self.take_over()
        self.assertIn("broker-a-0 was not started", caught.exception.message)
        self.assertIn("broker-b", caught.exception.details[0])
        self.namesrv.close()
        with self.assertRaises(StepError):
            self.take_over()


class Orders(InFolder):
    """Ordered topics, of which the name servers keep a note."""

    def test_joins_on_every_name_server(self) -> None:
        table = {"ORDERS": "broker-b:4", "ELSEWHERE": "broker-b:4", "DECLARED": "broker-b:2"}
        notes: Dict[str, str] = dict(table)
        servers = [FakeServer(), FakeServer()]
        master = FakeServer()
        for server in [*servers, master]:
            self.addCleanup(server.close)

        def put(ext: Dict[str, str], _: bytes) -> Reply:
            notes[ext["key"]] = ext["value"]
            return Reply()

        servers[0].on(codes.GET_KVLIST_BY_NAMESPACE, {"table": table})
        servers[0].handlers[codes.GET_KV_CONFIG] = lambda ext, _: Reply(
            ext={"value": notes[ext["key"]]}
        )
        servers[0].handlers[codes.PUT_KV_CONFIG] = put
        # A new one knows nothing.
        fresh: Dict[str, str] = {}
        servers[1].on(codes.GET_KVLIST_BY_NAMESPACE, code=codes.QUERY_NOT_FOUND)
        servers[1].handlers[codes.GET_KV_CONFIG] = lambda ext, _: (
            Reply(ext={"value": fresh[ext["key"]]})
            if ext["key"] in fresh
            else Reply(code=codes.QUERY_NOT_FOUND)
        )

        def put_fresh(ext: Dict[str, str], _: bytes) -> Reply:
            fresh[ext["key"]] = ext["value"]
            return Reply()

        servers[1].handlers[codes.PUT_KV_CONFIG] = put_fresh
        master.on(codes.GET_ALL_TOPIC_CONFIG, {"topicConfigTable": {**TOPICS, "DECLARED": {}}})
        step = document("broker-a-0-config")
        step["namesrv"] = [server.address for server in servers]
        changed = shared.join_orders(step, master.address, {"DECLARED"})
        self.assertEqual(notes["ORDERS"], "broker-a:4;broker-b:4")
        self.assertEqual(fresh, {"ORDERS": "broker-a:4"})
        self.assertEqual(notes["DECLARED"], "broker-b:2")
        self.assertEqual(len(changed), 2)
