"""The admin calls, against a fake that answers as 4.9.3 and 5.5.0 were seen to."""

import json
import struct
import time
import unittest
from typing import Any, Dict, List
from unittest import mock

from fake_rocketmq import FakeServer, Reply, cluster_body
from rocketmq_agent.remoting import Connection, RemotingError, admin, order
from rocketmq_agent.remoting.consumers import client_topics_on, online_groups_on
from rocketmq_agent.remoting.statistics import minute_statistics_on
from rocketmq_agent.remoting.unread import Position, store_times_on

TOPIC = {"readQueueNums": 4, "writeQueueNums": 4, "perm": 6, "order": False}
GROUP = {
    "consumeEnable": True,
    "consumeBroadcastEnable": True,
    "consumeMessageOrderly": False,
    "retryQueueNums": 1,
    "retryMaxTimes": 16,
}


class NameServer(unittest.TestCase):
    def test_cluster_info(self) -> None:
        with FakeServer() as server:
            server.on(106, cluster_body({"broker-a": {0: "10.0.0.1:10911", 1: "10.0.0.2:10911"}}))
            info = admin.cluster_info(server.address)
            self.assertEqual(info.brokers, {"broker-a": {0: "10.0.0.1:10911", 1: "10.0.0.2:10911"}})
            self.assertEqual(info.clusters, {"C": ["broker-a"]})
            self.assertTrue(admin.namesrv_alive(server.address))
            self.assertTrue(admin.registered(server.address, "broker-a", 1, "10.0.0.2:10911"))
            self.assertFalse(admin.registered(server.address, "broker-a", 0, "10.0.0.2:10911"))
            self.assertFalse(admin.registered(server.address, "broker-b", 0, "10.0.0.1:10911"))

    def test_an_empty_name_server_is_alive(self) -> None:
        with FakeServer() as server:
            server.on(106, {"brokerAddrTable": {}, "clusterAddrTable": {}})
            self.assertEqual(admin.cluster_info(server.address).brokers, {})
            self.assertTrue(admin.namesrv_alive(server.address))

    def test_a_port_that_is_open_is_not_alive(self) -> None:
        with FakeServer() as server:
            server.silent = True
            self.assertFalse(admin.namesrv_alive(server.address, timeout=0.2))
            server.silent = False

    def test_route(self) -> None:
        body = (
            b'{"brokerDatas":[{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"broker-a"}],'
            b'"queueDatas":[{"brokerName":"broker-a","perm":4,"readQueueNums":4,'
            b'"writeQueueNums":2}]}'
        )
        with FakeServer() as server:
            server.handlers[105] = lambda ext, _: (
                Reply(body) if ext["topic"] == "T" else Reply(code=17, remark="No topic route")
            )
            found = admin.route(server.address, "T")
            assert found is not None
            self.assertEqual(found.queues["broker-a"], admin.QueueData(4, 4, 2))
            self.assertEqual(found.brokers, {"broker-a": {0: "10.0.0.1:10911"}})
            self.assertIsNone(admin.route(server.address, "nope"))

    def test_write_permission(self) -> None:
        with FakeServer() as server:
            server.on(205, ext={"wipeTopicCount": "16"})
            server.on(327, ext={"addTopicCount": "15"})
            self.assertEqual(admin.wipe_write_permission(server.address, "broker-a"), 16)
            self.assertEqual(admin.add_write_permission(server.address, "broker-a"), 15)

    def test_an_order_that_never_holds_is_told(self) -> None:
        looks: List[str] = []

        def change() -> List[str]:
            looks.append("")
            return ["order of topic T"] if len(looks) < until else []

        with mock.patch.object(order, "_SETTLE_SECONDS", (0.0, 0.0)):
            until = 4
            self.assertEqual(admin.settled(change), ["order of topic T"])
            until = 1000
            with self.assertRaisesRegex(RemotingError, "does not settle.*order of topic T") as told:
                admin.settled(change)
        self.assertEqual(told.exception.code, 0)

    def test_ordered_topics_keep_the_entries_of_other_brokers(self) -> None:
        notes: Dict[str, str] = {}

        def get(ext: Dict[str, str], _: bytes) -> Reply:
            value = notes.get(ext["key"])
            return Reply(code=22, remark="none") if value is None else Reply(ext={"value": value})

        def put(ext: Dict[str, str], _: bytes) -> Reply:
            notes[ext["key"]] = ext["value"]
            return Reply()

        with FakeServer() as server:
            server.handlers.update({101: get, 100: put})
            self.assertTrue(admin.declare_ordered(server.address, "T", "broker-b", 8))
            self.assertTrue(admin.declare_ordered(server.address, "T", "broker-a", 4))
            self.assertFalse(admin.declare_ordered(server.address, "T", "broker-a", 4))
            self.assertEqual(notes, {"T": "broker-a:4;broker-b:8"})
            self.assertEqual(
                admin.order_config(server.address, "T"), {"broker-a": 4, "broker-b": 8}
            )


class Configuration(unittest.TestCase):
    def setUp(self) -> None:
        self.conf = {"fileReservedTime": "48", "deleteWhen": "04", "aclEnable": "false"}
        self.server = FakeServer()
        self.addCleanup(self.server.close)
        self.server.handlers[26] = lambda ext, body: Reply(
            "".join(f"{key}={value}\n" for key, value in self.conf.items()).encode()
        )
        self.server.handlers[25] = self.update

    def update(self, ext: Dict[str, str], body: bytes) -> Reply:
        # As brokers do: unknown keys and values of a wrong type are ignored without a word.
        for line in body.decode().splitlines():
            key, _, value = line.partition("=")
            if key in self.conf and (key != "fileReservedTime" or value.isdigit()):
                self.conf[key] = value
        return Reply()

    def test_one_request_for_all_keys(self) -> None:
        admin.update_broker_config(
            self.server.address, {"fileReservedTime": "72", "deleteWhen": "05"}
        )
        self.assertEqual(len(self.server.asked(25)), 1)
        self.assertEqual(admin.get_broker_config(self.server.address)["fileReservedTime"], "72")

    def test_what_did_not_take_is_named(self) -> None:
        with self.assertRaises(admin.NotAppliedError) as caught:
            admin.update_broker_config(
                self.server.address,
                {"fileReservedTime": "abc", "noSuchKey": "1", "deleteWhen": "05"},
            )
        self.assertEqual(
            caught.exception.keys,
            {"fileReservedTime": "asked abc, is 48", "noSuchKey": "asked 1, is no key"},
        )
        self.assertIn("noSuchKey", str(caught.exception))

    def test_spelling_does_not_matter(self) -> None:
        self.conf["aclEnable"] = "true"
        admin.update_broker_config(self.server.address, {"aclEnable": "TRUE"})

    def test_no_change_asks_nothing(self) -> None:
        admin.update_broker_config(self.server.address, {})
        self.assertEqual(self.server.requests, [])

    def test_name_servers_too(self) -> None:
        self.server.on(318)
        self.server.on(319, b"clusterTest=true\n")
        admin.update_namesrv_config(self.server.address, {"clusterTest": "true"})
        self.assertEqual(admin.get_namesrv_config(self.server.address), {"clusterTest": "true"})


class Broker(unittest.TestCase):
    def test_the_first_moments_of_a_boot_are_waited_out(self) -> None:
        answers = [
            Reply(code=1, remark="java.util.NoSuchElementException"),
            Reply({"table": {"commitLogMaxOffset": "7"}}),
        ]
        pauses: List[float] = []
        with FakeServer() as server:
            server.handlers[28] = lambda ext, body: answers.pop(0)
            table = admin.broker_runtime(server.address, sleep=pauses.append)
        self.assertEqual(table, {"commitLogMaxOffset": "7"})
        self.assertEqual(len(pauses), 1)

    def test_other_refusals_are_not(self) -> None:
        with FakeServer() as server:
            server.on(28, code=1, remark="broken")
            with self.assertRaisesRegex(RemotingError, "broken"):
                admin.broker_runtime(server.address)
            self.assertEqual(len(server.requests), 1)

    def test_replication_by_offsets_alone_on_4(self) -> None:
        with FakeServer() as master, FakeServer() as slave:
            master.on(28, {"table": {"commitLogMaxOffset": "500"}})
            slave.on(28, {"table": {"commitLogMaxOffset": "300"}})
            found = admin.replication(master.address, slave.address)
            self.assertEqual((found.lag_bytes, found.connected), (200, None))
            self.assertIsNone(admin.ha_status(master.address))

    def test_replication_on_5_knows_the_connection(self) -> None:
        client = {"masterAddr": "10.0.0.1:10912", "lastReadTimestamp": 0, "maxOffset": 300}
        with FakeServer() as master, FakeServer() as slave:
            for server in (master, slave):
                server.on(28, {"table": {"commitLogMaxOffset": "300"}})
            slave.on(907, {"master": False, "haClientRuntimeInfo": client, "haConnectionInfo": []})
            self.assertFalse(admin.replication(master.address, slave.address).connected)
            client["lastReadTimestamp"] = int(time.time() * 1000)
            found = admin.replication(master.address, slave.address)
            self.assertEqual((found.lag_bytes, found.connected), (0, True))

    def test_ha_status_of_a_master(self) -> None:
        with FakeServer() as server:
            server.on(
                907,
                {
                    "master": True,
                    "masterCommitLogMaxOffset": 582,
                    "inSyncSlaveNums": 1,
                    "haConnectionInfo": [
                        {
                            "addr": "/10.0.0.2:59588",
                            "diff": 2,
                            "inSync": True,
                            "slaveAckOffset": 580,
                        }
                    ],
                },
            )
            status = admin.ha_status(server.address)
            assert status is not None
            self.assertTrue(status.is_master)
            self.assertEqual(status.slaves, [admin.SlaveConnection("10.0.0.2:59588", 2, True, 580)])


class TopicStore:
    """Topics as a broker keeps them; 5.x has attributes, 4.9 ignores `order`."""

    def __init__(self, server: FakeServer, since5: bool) -> None:
        self.table: Dict[str, Dict[str, Any]] = {}
        self.since5 = since5
        server.handlers[21] = lambda ext, body: Reply({"topicConfigTable": self.table})
        server.handlers[17] = self.put

    def put(self, ext: Dict[str, str], _: bytes) -> Reply:
        if " " in ext["topic"]:
            return Reply(code=29, remark="contains illegal characters")
        found: Dict[str, Any] = {
            key: int(ext[key]) for key in ("readQueueNums", "writeQueueNums", "perm")
        }
        found["order"] = self.since5 and ext["order"] == "true"
        found["topicSysFlag"] = int(ext["topicSysFlag"])
        found["topicFilterType"] = ext["topicFilterType"]
        if self.since5:
            name, sign, value = ext.get("attributes", "").lstrip("+").partition("=")
            found["attributes"] = {name: value} if sign else {}
        self.table[ext["topic"]] = found
        return Reply()


class Topics(unittest.TestCase):
    def store(self, since5: bool) -> TopicStore:
        self.server = FakeServer()
        self.addCleanup(self.server.close)
        return TopicStore(self.server, since5)

    def test_created_once(self) -> None:
        self.store(since5=False)
        self.assertTrue(admin.create_topic(self.server.address, "T", TOPIC))
        self.assertFalse(admin.create_topic(self.server.address, "T", TOPIC))
        self.assertEqual(len(self.server.asked(17)), 1)

    def test_changed_and_what_is_not_ours_is_kept(self) -> None:
        store = self.store(since5=False)
        store.table["T"] = dict(TOPIC, topicSysFlag=2, topicFilterType="MULTI_TAG")
        self.assertTrue(admin.create_topic(self.server.address, "T", dict(TOPIC, perm=4)))
        self.assertEqual(
            store.table["T"], dict(TOPIC, perm=4, topicSysFlag=2, topicFilterType="MULTI_TAG")
        )

    def test_message_type_on_5(self) -> None:
        store = self.store(since5=True)
        document = dict(TOPIC, messageType="FIFO", order=True)
        self.assertTrue(admin.create_topic(self.server.address, "T", document))
        self.assertEqual(store.table["T"]["attributes"], {"message.type": "FIFO"})
        self.assertTrue(store.table["T"]["order"])
        self.assertFalse(admin.create_topic(self.server.address, "T", document))
        # A document without a type leaves the type that is there alone.
        self.assertFalse(admin.create_topic(self.server.address, "T", dict(TOPIC, order=True)))

    def test_message_type_and_order_are_no_difference_on_4(self) -> None:
        self.store(since5=False)
        document = dict(TOPIC, messageType="FIFO", order=True)
        self.assertTrue(admin.create_topic(self.server.address, "T", document))
        self.assertFalse(admin.create_topic(self.server.address, "T", document))

    def test_many_with_two_reads(self) -> None:
        self.store(since5=True)
        documents = {f"T{number}": TOPIC for number in range(50)}
        self.assertEqual(len(admin.create_topics(self.server.address, documents)), 50)
        self.assertEqual(len(self.server.asked(21)), 2)
        self.assertEqual(self.server.connections, 1)

    def test_refused(self) -> None:
        self.store(since5=True)
        with self.assertRaisesRegex(RemotingError, "topic a b.*illegal") as caught:
            admin.create_topic(self.server.address, "a b", TOPIC)
        self.assertEqual(caught.exception.code, 29)

    def test_accepted_and_not_there(self) -> None:
        store = self.store(since5=True)
        self.server.on(17)
        with self.assertRaises(admin.NotAppliedError) as caught:
            admin.create_topic(self.server.address, "T", TOPIC)
        self.assertEqual(caught.exception.keys, {"T": "is not there"})
        self.assertEqual(store.table, {})


class Groups(unittest.TestCase):
    def setUp(self) -> None:
        self.server = FakeServer()
        self.addCleanup(self.server.close)
        self.table: Dict[str, Dict[str, Any]] = {}
        self.server.handlers[201] = lambda ext, body: Reply({"subscriptionGroupTable": self.table})
        self.server.handlers[200] = self.put

    def put(self, ext: Dict[str, str], body: bytes) -> Reply:
        group = json.loads(body)
        # 4.9 does not know this member.
        group.pop("consumeMessageOrderly", None)
        self.table[group["groupName"]] = group
        return Reply()

    def test_created_once_then_changed(self) -> None:
        address = self.server.address
        self.assertTrue(admin.create_subscription_group(address, "G", GROUP))
        self.assertFalse(admin.create_subscription_group(address, "G", GROUP))
        self.table["G"]["brokerId"] = 7
        self.assertTrue(admin.create_subscription_group(address, "G", dict(GROUP, retryMaxTimes=3)))
        self.assertEqual((self.table["G"]["retryMaxTimes"], self.table["G"]["brokerId"]), (3, 7))

    def test_not_there_afterwards(self) -> None:
        self.server.on(200)
        with self.assertRaises(admin.NotAppliedError):
            admin.create_subscription_group(self.server.address, "G", GROUP)


def stored_message(stored: int, ipv6: bool = False) -> bytes:
    flags = 1 << 4 if ipv6 else 0
    return (
        struct.pack(">iiiii", 0, 0, 0, 0, 0)
        + struct.pack(">qq", 0, 0)
        + struct.pack(">iq", flags, 1)
        + b"\0" * (20 if ipv6 else 8)
        + struct.pack(">q", stored)
        + b"rest"
    )


class Figures(unittest.TestCase):
    def setUp(self) -> None:
        self.server = FakeServer()
        self.addCleanup(self.server.close)
        self.connection = Connection(self.server.address)
        self.addCleanup(self.connection.close)

    def test_consume_stats(self) -> None:
        self.server.on(
            317,
            b'{"consumeStatsList":[{"empty":[]},{"G":[{"consumeTps":1.5,"offsetTable":{'
            b'{"brokerName":"b","queueId":0,"topic":"T"}:{"brokerOffset":9,"consumerOffset":4,'
            b'"lastTimestamp":5},{"brokerName":"b","queueId":1,"topic":"T"}:{"brokerOffset":1,'
            b'"consumerOffset":1,"lastTimestamp":6}}}]}]}',
        )
        (found,) = admin.consume_stats(self.server.address)
        self.assertEqual((found.group, found.topic, found.tps, found.diff), ("G", "T", 1.5, 5))

    def test_topic_offsets_leave_out_what_is_not_there(self) -> None:
        body = (
            b'{"offsetTable":{{"queueId":0}:{"lastUpdateTimestamp":7,"maxOffset":5,"minOffset":1},'
            b'{"queueId":1}:{"lastUpdateTimestamp":9,"maxOffset":2,"minOffset":0}}}'
        )
        self.server.handlers[202] = lambda ext, _: (
            Reply(body) if ext["topic"] == "T" else Reply(code=17, remark="none")
        )
        self.assertEqual(
            admin.topic_offsets(self.server.address, ["T", "nope"]),
            {"T": admin.TopicOffsets(7, 1, 9)},
        )

    def test_consumer_offsets(self) -> None:
        self.server.on(43, b'{"offsetTable":{"T@G":{0:5,1:3},"%RETRY%G@G":{0:1},"odd":{0:1}}}')
        self.assertEqual(
            admin.consumer_offsets(self.server.address),
            {("T", "G"): {0: 5, 1: 3}, ("%RETRY%G", "G"): {0: 1}},
        )

    def test_online_groups(self) -> None:
        connected = {
            "connectionSet": [{"clientAddr": "10.0.0.9:5", "clientId": "c1"}],
            "messageModel": "BROADCASTING",
        }
        self.server.handlers[203] = lambda ext, _: (
            Reply(connected) if ext["consumerGroup"] == "G" else Reply(code=206, remark="offline")
        )
        found = online_groups_on(self.connection, ["G", "H"])
        self.assertEqual(list(found), ["G"])
        self.assertTrue(found["G"].broadcasting)
        self.assertEqual(found["G"].clients[0].client_id, "c1")

    def test_clients_that_do_not_answer_are_left_out(self) -> None:
        status = {"statusTable": {"T": {"consumeRT": 2.5, "consumeFailedMsgs": 3}}}
        self.server.handlers[307] = lambda ext, _: (
            Reply(status) if ext["clientId"] == "c1" else Reply(code=1, remark="timeout")
        )
        found = client_topics_on(self.connection, [("G", "c1"), ("G", "c2")], 1.0)
        self.assertEqual(list(found), [("G", "c1")])
        topic = found["G", "c1"][0]
        self.assertEqual((topic.consume_rt, topic.failed_messages, topic.pull_tps), (2.5, 3, 0))

    def test_minute_statistics(self) -> None:
        self.server.handlers[315] = lambda ext, _: (
            Reply({"statsMinute": {"sum": 60, "tps": 1.0}})
            if ext["statsKey"] == "T"
            else Reply(code=1, remark="not exist")
        )
        keys = [("TOPIC_PUT_NUMS", "T"), ("TOPIC_PUT_NUMS", "U")]
        found = minute_statistics_on(self.connection, keys)
        self.assertEqual(list(found), [("TOPIC_PUT_NUMS", "T")])
        self.assertEqual(found["TOPIC_PUT_NUMS", "T"].total, 60)

    def test_store_times(self) -> None:
        answers = {
            "0": Reply(stored_message(111)),
            "1": Reply(stored_message(222, ipv6=True)),
            "2": Reply(code=21, remark="PULL_OFFSET_MOVED"),
            "3": Reply(b"short"),
        }
        self.server.handlers[11] = lambda ext, _: answers[ext["queueId"]]
        positions = [Position("T", number, 5) for number in range(4)]
        found = store_times_on(self.connection, positions)
        self.assertEqual(found, {positions[0]: 111, positions[1]: 222})


if __name__ == "__main__":
    unittest.main()
