"""The exporter, against fakes that answer as 4.9.3 and 5.5.0 were seen to."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, Dict, List, Optional, Tuple, Union
from unittest import mock

from fake_broker import fake_master, runtime_table
from fake_rocketmq import FakeServer, Reply, cluster_body
from rocketmq_agent.exporter import runtime
from rocketmq_agent.exporter.collector import CollectionError, Collector, Snapshot
from rocketmq_agent.exporter.http import Server
from rocketmq_agent.exporter.packed import Packed, pack
from rocketmq_agent.exporter.scrape import Claims
from rocketmq_agent.exporter.service import Service
from rocketmq_agent.exporter.settings import Settings, SettingsError, load
from rocketmq_agent.exporter.text import Family, Page, escape, render
from rocketmq_agent.remoting.sizes import byte_sizes

# Every series that Apache's exporter gave for a 4.9.3 cluster, with its labels in order.
_RUNTIME = "cluster,brokerIP,brokerHost,des,boottime,broker_version"
_RATES = [
    f"{name}_tps{seconds}"
    for name in ("getfound", "gettotal", "gettransfered", "getmiss", "put")
    for seconds in (10, 60, 600)
]
_RUNTIME_TEXT = """
pmdt_0ms pmdt_0to10ms pmdt_10to50ms pmdt_50to100ms pmdt_100to200ms pmdt_200to500ms
pmdt_500to1s pmdt_1to2s pmdt_2to3s pmdt_3to4s pmdt_4to5s pmdt_5to10s pmdt_10stomore
msg_put_total_today_now msg_gettotal_today_now dispatch_behind_bytes put_message_size_total
put_message_average_size query_threadpool_queue_capacity remain_transientstore_buffer_numbs
earliest_message_timestamp putmessage_entire_time_max start_accept_sendrequest_time
send_threadpool_queue_size putmessage_times_total getmessage_entire_time_max
pagecache_lock_time_mills commitlog_disk_ratio consumequeue_disk_ratio dispatch_maxbuffer
pull_threadpoolqueue_capacity send_threadpoolqueue_capacity pull_threadpoolqueue_size
query_threadpoolqueue_size pull_threadpoolqueue_headwait_timemills
query_threadpoolqueue_headwait_timemills send_threadpoolqueue_headwait_timemills
msg_gettotal_yesterdaymorning msg_puttotal_yesterdaymorning msg_gettotal_todaymorning
msg_puttotal_todaymorning commitlogdir_capacity_free commitlogdir_capacity_total
commitlog_maxoffset commitlog_minoffset remain_howmanydata_toflush put_latency_99
put_latency_999
"""
_RUNTIME_NAMES = [*_RUNTIME_TEXT.split(), *_RATES]
EXPECTED = {
    **{f"rocketmq_brokeruntime_{name}": _RUNTIME for name in _RUNTIME_NAMES},
    "rocketmq_producer_offset": "cluster,broker,topic",
    "rocketmq_topic_retry_offset": "cluster,broker,topic",
    "rocketmq_topic_dlq_offset": "cluster,broker,group",
    "rocketmq_producer_tps": "cluster,broker,topic",
    "rocketmq_producer_message_size": "cluster,broker,topic",
    "rocketmq_consumer_tps": "cluster,broker,topic,group",
    "rocketmq_consumer_message_size": "cluster,broker,topic,group",
    "rocketmq_consumer_offset": "cluster,broker,topic,group",
    "rocketmq_send_back_nums": "cluster,broker,topic,group",
    "rocketmq_group_get_latency_by_storetime": "cluster,broker,topic,group",
    "rocketmq_group_diff": "group,topic,countOfOnlineConsumers,msgModel",
    "rocketmq_group_retrydiff": "group,topic,countOfOnlineConsumers,msgModel",
    "rocketmq_group_count": "caddr,localaddr,group",
    "rocketmq_broker_tps": "cluster,brokerIP,broker",
    "rocketmq_broker_qps": "cluster,brokerIP,broker",
    "rocketmq_broker_commitlog_diff": "cluster,brokerIP,broker",
    "rocketmq_client_consume_fail_msg_count": "clientAddr,clientId,group,topic",
    "rocketmq_client_consume_fail_msg_tps": "clientAddr,clientId,group,topic",
    "rocketmq_client_consume_ok_msg_tps": "clientAddr,clientId,group,topic",
    "rocketmq_client_consume_rt": "clientAddr,clientId,group,topic",
    "rocketmq_client_consumer_pull_rt": "clientAddr,clientId,group,topic",
    "rocketmq_client_consumer_pull_tps": "clientAddr,clientId,group,topic",
}


def parse(body: bytes) -> Dict[str, List[Tuple[Dict[str, str], float]]]:
    """Series by name; fails on a line that Prometheus would not take."""
    found: Dict[str, List[Tuple[Dict[str, str], float]]] = {}
    for line in body.decode().splitlines():
        if line.startswith("#"):
            assert re.match(r"# (HELP \w+ .+|TYPE \w+ (gauge|counter))$", line), line
            continue
        match = re.match(r'(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)$', line)
        assert match, line
        labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match.group(2) or ""))
        found.setdefault(match.group(1), []).append((labels, float(match.group(3))))
    return found


def text(page: Packed) -> bytes:
    return b"".join(page.text())


def settings(namesrv: List[str], **rest: Any) -> Settings:
    values: Dict[str, Any] = {"cluster": "", "port": 0, "path": "/metrics", "interval": 15.0}
    values.update(rest)
    return Settings(namesrv, **values)


class Quiet(unittest.TestCase):
    def setUp(self) -> None:
        self.told: List[str] = []
        for module in ("collector", "service"):
            patch = mock.patch(f"rocketmq_agent.exporter.{module}.say", self.told.append)
            patch.start()
            self.addCleanup(patch.stop)


class Cluster(Quiet):
    """A name server, a master and its slave."""

    since5 = False

    def setUp(self) -> None:
        super().setUp()
        version = 513 if self.since5 else 399
        self.namesrv, self.master, self.slave = (FakeServer(version) for _ in range(3))
        for server in (self.namesrv, self.master, self.slave):
            self.addCleanup(server.close)
        fake_master(self.master, self.since5)
        self.slave.on(28, {"table": runtime_table(900, self.since5)})
        self.register({0: self.master.address, 1: self.slave.address})

    def register(self, addresses: Dict[int, str]) -> None:
        self.namesrv.on(106, cluster_body({"broker-a": addresses}))

    def collect(self, collector: Optional[Collector] = None) -> Dict[str, Any]:
        collector = collector or Collector(settings([self.namesrv.address]))
        return parse(text(collector.collect().page))


class Series(Cluster):
    def test_names_and_labels_are_those_of_apaches_exporter(self) -> None:
        found = self.collect()
        for name, labels in EXPECTED.items():
            self.assertIn(name, found)
            self.assertEqual(",".join(found[name][0][0]), labels, name)
        others = {name for name in found if not name.startswith("rocketmq_exporter_")}
        self.assertEqual(others - set(EXPECTED), set())

    def test_topics(self) -> None:
        found = self.collect()
        plain = {labels["topic"]: value for labels, value in found["rocketmq_producer_offset"]}
        self.assertEqual(plain, {"ORDERS": 7, 'odd\\"name': 7})
        self.assertEqual(found["rocketmq_topic_retry_offset"][0][0]["topic"], "%RETRY%billing")
        self.assertEqual(found["rocketmq_topic_dlq_offset"][0][0]["group"], "billing")
        self.assertEqual(found["rocketmq_producer_tps"][0][1], 1.0)

    def test_groups(self) -> None:
        found = self.collect()
        labels, value = found["rocketmq_group_diff"][0]
        self.assertEqual(
            labels,
            {"group": "billing", "topic": "ORDERS", "countOfOnlineConsumers": "1", "msgModel": "1"},
        )
        self.assertEqual(value, 4)
        self.assertEqual(found["rocketmq_group_retrydiff"][0][1], 2)
        count, online = found["rocketmq_group_count"][0]
        self.assertEqual(
            (count["caddr"], count["localaddr"], online), ("10.0.0.9:5", "10.0.0.9@1", 1)
        )
        self.assertEqual(found["rocketmq_consumer_offset"][0][1], 3)
        self.assertEqual(found["rocketmq_send_back_nums"][0][1], 60)

    def test_the_delay_is_that_of_the_oldest_unread_message(self) -> None:
        found = self.collect()
        value = found["rocketmq_group_get_latency_by_storetime"][0][1]
        self.assertTrue(4000 <= value < 10000, value)
        # One pull for each queue that is behind, and none for the queue that is not.
        self.assertEqual(
            sorted((ext["topic"], ext["queueId"]) for ext, _ in self.master.asked(11)),
            [("%RETRY%billing", "0"), ("ORDERS", "0")],
        )

    def test_a_slave_gives_its_distance_only(self) -> None:
        found = self.collect()
        labels, value = found["rocketmq_broker_commitlog_diff"][0]
        self.assertEqual((labels["brokerIP"], value), (self.slave.address, 100))
        self.assertEqual(len(found["rocketmq_brokeruntime_pmdt_0ms"]), 1)

    def test_runtime_values(self) -> None:
        found = self.collect()

        def one(name: str) -> float:
            return float(found["rocketmq_brokeruntime_" + name][0][1])

        self.assertEqual((one("pmdt_0ms"), one("pmdt_10stomore")), (7, 1))
        self.assertEqual((one("gettotal_tps10"), one("gettotal_tps600")), (1, 3))
        self.assertEqual(one("gettransfered_tps60"), 5)
        self.assertEqual(one("commitlogdir_capacity_total"), 252 * 2**30)
        self.assertEqual(one("remain_howmanydata_toflush"), 1536)

    def test_of_4_9(self) -> None:
        labels, value = self.collect()["rocketmq_brokeruntime_put_latency_99"][0]
        self.assertEqual((labels["des"], labels["broker_version"]), ("V4_9_3", "399"))
        self.assertEqual(value, -1)

    def test_a_group_on_two_brokers_is_added_up(self) -> None:
        other = FakeServer()
        self.addCleanup(other.close)
        fake_master(other)
        brokers = {"broker-a": {0: self.master.address}, "broker-b": {0: other.address}}
        self.namesrv.on(106, cluster_body(brokers))
        found = self.collect()
        self.assertEqual(found["rocketmq_group_diff"][0][1], 8)
        self.assertEqual(found["rocketmq_group_count"][0][1], 1)
        # A client is connected to both, and asked through one.
        self.assertEqual(len(self.master.asked(307)) + len(other.asked(307)), 1)

    def test_broadcasting_groups_have_no_common_place(self) -> None:
        connected = {"connectionSet": [{"clientId": "c"}], "messageModel": "BROADCASTING"}
        self.master.on(203, connected)
        found = self.collect()
        self.assertNotIn("rocketmq_group_diff", found)
        self.assertNotIn("rocketmq_group_get_latency_by_storetime", found)

    def test_groups_that_are_offline_still_have_a_backlog(self) -> None:
        self.master.on(203, code=206, remark="offline")
        labels, value = self.collect()["rocketmq_group_diff"][0]
        self.assertEqual((labels["countOfOnlineConsumers"], value), ("0", 4))


class SeriesOf5(Cluster):
    since5 = True

    def test_the_same_series(self) -> None:
        self.assertEqual(set(EXPECTED) - set(self.collect()), set())

    def test_the_version_comes_from_the_answer(self) -> None:
        labels, value = self.collect()["rocketmq_brokeruntime_put_latency_99"][0]
        self.assertEqual((labels["des"], labels["broker_version"]), ("V5_5_0", "513"))
        self.assertEqual(value, 0.99)


class Faults(Cluster):
    def test_a_broker_that_vanished_is_marked(self) -> None:
        self.slave.close()
        found = self.collect()
        ups = {labels["brokerId"]: value for labels, value in found["rocketmq_exporter_broker_up"]}
        self.assertEqual(ups, {"0": 1, "1": 0})
        self.assertEqual(found["rocketmq_exporter_brokers_seen"][0][1], 2)
        self.assertEqual(found["rocketmq_exporter_brokers_scraped"][0][1], 1)
        self.assertIn("rocketmq_producer_offset", found)

    def test_errors_are_counted_and_told_once(self) -> None:
        self.slave.close()
        collector = Collector(settings([self.namesrv.address]))
        self.collect(collector)
        found = self.collect(collector)
        errors = {
            labels["brokerId"]: value
            for labels, value in found["rocketmq_exporter_broker_errors_total"]
        }
        self.assertEqual(errors, {"0": 0, "1": 2})
        self.assertEqual(len(self.told), 1, self.told)

    def test_a_broker_that_hangs_holds_up_nobody_for_long(self) -> None:
        self.slave.silent = True
        with mock.patch("rocketmq_agent.exporter.scrape._TIMEOUT", 0.3):
            started = time.monotonic()
            found = self.collect()
        self.slave.silent = False
        self.assertLess(time.monotonic() - started, 3)
        self.assertIn("rocketmq_producer_offset", found)

    def test_a_broker_may_take_its_time_for_many_groups(self) -> None:
        answer = self.master.handlers[317]

        def slowly(ext: Dict[str, str], body: bytes) -> Union[Reply, bytes]:
            time.sleep(0.6)
            return answer(ext, body)

        self.master.handlers[317] = slowly
        with mock.patch("rocketmq_agent.exporter.scrape._TIMEOUT", 0.3):
            found = self.collect()
        self.assertIn("rocketmq_group_diff", found)

    def test_answers_that_no_version_gives(self) -> None:
        self.master.on(202, b'{"offsetTable":{"T":7}}')
        self.master.on(317, {"consumeStatsList": [7]})
        found = self.collect()
        self.assertEqual([value for _, value in found["rocketmq_exporter_broker_up"]], [0, 1])
        self.assertEqual(len(self.told), 1)
        self.assertRegex(self.told[0], "broker-a-0: .*unexpected answer")
        self.master.on(317, {})
        self.collect()
        self.assertRegex(self.told[1], "broker-a-0: .*plain keys")

    def test_brokers_that_are_all_down_are_a_result(self) -> None:
        self.master.close()
        self.slave.close()
        found = self.collect()
        self.assertEqual([value for _, value in found["rocketmq_exporter_broker_up"]], [0, 0])
        self.assertNotIn("rocketmq_producer_offset", found)

    def test_being_cut_off_is_not(self) -> None:
        collector = Collector(settings([self.namesrv.address]))
        self.collect(collector)
        for server in (self.namesrv, self.master, self.slave):
            server.close()
        with self.assertRaisesRegex(CollectionError, "no name server and no broker"):
            collector.collect()

    def test_clients_that_do_not_answer_are_not_asked_again_soon(self) -> None:
        self.master.on(307, code=1, remark="timeout")
        collector = Collector(settings([self.namesrv.address]))
        for _ in range(3):
            self.assertNotIn("rocketmq_client_consume_rt", self.collect(collector))
        self.assertEqual(len(self.master.asked(307)), 1)

    def test_silent_clients_are_asked_again_later(self) -> None:
        claims = Claims()
        claims.shun([("G", "c")])
        tries = 0
        while not claims.claim([("G", "c")], 10):
            claims.begin()
            tries += 1
        self.assertEqual(tries, 20)

    def test_one_name_server_of_two_is_enough(self) -> None:
        gone = FakeServer()
        gone.close()
        collector = Collector(settings([gone.address, self.namesrv.address]))
        self.assertIn("rocketmq_producer_offset", self.collect(collector))
        self.assertEqual(collector.namesrv_up, {gone.address: False, self.namesrv.address: True})

    def test_without_name_servers_the_known_brokers_go_on_being_asked(self) -> None:
        collector = Collector(settings([self.namesrv.address]))
        self.collect(collector)
        self.namesrv.close()
        self.assertIn("rocketmq_producer_offset", self.collect(collector))

    def test_nothing_to_show(self) -> None:
        collector = Collector(settings([self.namesrv.address], cluster="other"))
        with self.assertRaisesRegex(CollectionError, "no broker of cluster other"):
            collector.collect()
        self.namesrv.close()
        with self.assertRaisesRegex(CollectionError, "no name server answers"):
            collector.collect()
        self.assertEqual((collector.begun, collector.failed), (2, 2))

    def test_more_series_than_it_may_have_are_left_out_and_counted(self) -> None:
        collector = Collector(settings([self.namesrv.address]))
        series = self.collect(collector)["rocketmq_exporter_series"][0][1]
        collector.settings = collector.settings._replace(max_series=80)
        found = self.collect(collector)
        kept, dropped = (found[f"rocketmq_exporter_series{end}"][0][1] for end in ("", "_dropped"))
        self.assertEqual(kept + dropped, series)
        # What is told of all brokers together is not crowded out by their topics.
        self.assertIn("rocketmq_group_diff", found)
        self.assertGreater(dropped, 0)

    def test_deregistered_brokers_are_forgotten(self) -> None:
        collector = Collector(settings([self.namesrv.address]))
        self.collect(collector)
        self.register({0: self.master.address})
        found = self.collect(collector)
        self.assertEqual(len(found["rocketmq_exporter_broker_up"]), 1)


class Text(unittest.TestCase):
    def test_escapes(self) -> None:
        self.assertEqual(escape('a"b\\c\nd'), 'a\\"b\\\\c\\nd')

    def test_numbers(self) -> None:
        self.assertEqual(
            [render(one) for one in (3, 3.0, 0.25, 2**53, 1e18)],
            ["3", "3", "0.25", "9007199254740992", "1e+18"],
        )
        self.assertEqual(render(float("nan")), "NaN")
        self.assertEqual(render(float("-inf")), "-Inf")

    def test_the_number_of_series_is_bounded(self) -> None:
        page = Page(max_series=2)
        for number in range(5):
            page.add(Family("m", "A metric", ("l",)), (str(number),), number)
        self.assertEqual((len(page), page.dropped), (2, 3))
        self.assertEqual(
            text(page.end()), b'# HELP m A metric\n# TYPE m gauge\nm{l="0"} 0\nm{l="1"} 1\n'
        )

    def test_many_series_of_a_family_stay_together_and_in_order(self) -> None:
        page = Page()
        families = [Family(name, "A metric", ("l",)) for name in ("m", "n")]
        for number in range(2500):
            for family in families:
                page.add(family, (str(number),), number)
        lines = text(page.end()).decode().splitlines()
        for family, found in zip(families, (lines[:2502], lines[2502:])):
            name = family.name
            self.assertEqual(found[:2], [f"# HELP {name} A metric", f"# TYPE {name} gauge"])
            self.assertEqual(found[2:], [f'{name}{{l="{n}"}} {n}' for n in range(2500)])

    def test_sizes(self) -> None:
        self.assertEqual(byte_sizes("336 B"), [336])
        self.assertEqual(byte_sizes("Total : 1.0 TiB, Free : 2.5 MiB."), [2**40, 2.5 * 2**20])
        self.assertEqual(byte_sizes("unknown"), [])

    def test_figures_that_a_version_lacks_are_left_out(self) -> None:
        found = {family.name for family, _ in runtime.series({"msgPutTotalTodayNow": "7"})}
        self.assertIn("rocketmq_brokeruntime_msg_put_total_today_now", found)
        self.assertNotIn("rocketmq_brokeruntime_commitlog_maxoffset", found)

    def test_just_after_a_boot_rates_and_times_are_zero(self) -> None:
        table = {"putTps": "1.5 ", "putMessageDistributeTime": "null"}
        found = {
            family.name.replace("rocketmq_brokeruntime_", ""): number
            for family, number in runtime.series(table)
        }
        self.assertEqual((found["put_tps10"], found["put_tps60"], found["put_tps600"]), (1.5, 0, 0))
        self.assertEqual((found["pmdt_0ms"], found["pmdt_10stomore"]), (0, 0))


class ConfigFile(unittest.TestCase):
    def load(self, content: Any) -> Settings:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "exporter.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(content if isinstance(content, str) else json.dumps(content))
            return load(path)

    def test_defaults(self) -> None:
        self.assertEqual(
            self.load({"namesrv": ["a:1"], "unknown": 1}),
            Settings(["a:1"], "", 5557, "/metrics", 15.0),
        )

    def test_mistakes(self) -> None:
        mistakes: List[Any] = [
            "{",
            [],
            {},
            {"namesrv": []},
            {"namesrv": "a:1"},
            {"namesrv": ["a:1"], "port": 0},
            {"namesrv": ["a:1"], "port": True},
            {"namesrv": ["a:1"], "interval": 0},
            {"namesrv": ["a:1"], "maxSeries": 0},
            {"namesrv": ["a:1"], "path": "metrics"},
            {"namesrv": ["a:1"], "path": "/healthz"},
        ]
        for content in mistakes:
            with self.assertRaises(SettingsError, msg=str(content)):
                self.load(content)
        with self.assertRaises(SettingsError):
            load("/no/such/file")


class StillCollector(Collector):
    """Collects nothing."""

    def collect(self) -> Snapshot:
        self.begun += 1
        raise CollectionError("nothing yet")


class Http(Quiet):
    def setUp(self) -> None:
        super().setUp()
        self.service = Service(settings(["127.0.0.1:1"]), StillCollector(settings(["x:1"])))
        self.server = Server(self.service)
        self.addCleanup(self.server.server_close)
        thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        self.addCleanup(self.server.shutdown)

    def get(
        self, path: str, method: str = "GET", host: str = "127.0.0.1", encoding: str = "identity"
    ) -> Tuple[int, bytes]:
        with closing(HTTPConnection(host, self.server.server_port, timeout=5)) as connection:
            connection.request(method, path, headers={"Accept-Encoding": encoding})
            answer = connection.getresponse()
            body = answer.read()
            packed = answer.getheader("Content-Encoding") == "gzip"
            return answer.status, gzip.decompress(body) if packed else body

    def show(self, age: float) -> None:
        body = pack("rocketmq_x 1\n")
        self.service._snapshot = Snapshot(body, time.monotonic() - age, time.time() - age)

    def test_before_the_first_snapshot(self) -> None:
        self.assertEqual(self.get("/healthz")[0], 503)
        status, body = self.get("/metrics")
        self.assertEqual(status, 200)
        found = parse(body)
        self.assertEqual(found["rocketmq_exporter_collections_total"][0][1], 0)
        self.assertNotIn("rocketmq_exporter_snapshot_age_seconds", found)

    def test_with_a_snapshot(self) -> None:
        self.show(2)
        found = parse(self.get("/metrics?x=1")[1])
        self.assertEqual(found["rocketmq_x"][0][1], 1)
        self.assertAlmostEqual(found["rocketmq_exporter_snapshot_age_seconds"][0][1], 2, delta=1)
        self.assertEqual(self.get("/healthz")[0], 200)

    def test_compressed_it_is_the_same(self) -> None:
        self.show(2)
        self.service._snapshot = Snapshot(
            pack("".join(f'rocketmq_y{{n="{n}"}} 1\n' for n in range(99999))), time.monotonic(), 0
        )
        plain, packed = (self.get("/metrics", encoding=one)[1] for one in ("identity", "gzip"))
        self.assertEqual(
            *(sorted(one.splitlines())[-99999:] for one in (plain, packed)),
        )
        self.assertIn(b'{n="99998"}', packed)

    def test_an_old_one_is_served_but_not_healthy(self) -> None:
        self.show(46)
        self.assertIn(b"rocketmq_x", self.get("/metrics")[1])
        status, text = self.get("/healthz")
        self.assertEqual(status, 503)
        self.assertIn(b"stale", text)

    def test_a_very_old_one_is_not_served(self) -> None:
        self.show(151)
        body = self.get("/metrics")[1]
        self.assertNotIn(b"rocketmq_x", body)
        self.assertIn(b"rocketmq_exporter_snapshot_age_seconds", body)

    def test_other_paths(self) -> None:
        status, page = self.get("/")
        self.assertEqual(status, 200)
        self.assertIn(b'href="/metrics"', page)
        self.assertEqual(self.get("/nope")[0], 404)
        self.assertEqual(self.get("/metrics", "HEAD"), (200, b""))
        self.assertEqual(self.get("/metrics", "POST")[0], 501)

    @unittest.skipUnless(socket.has_ipv6, "no IPv6")
    def test_ipv6(self) -> None:
        self.assertEqual(self.get("/", host="::1")[0], 200)

    def test_clients_that_dawdle_do_not_keep_others_out_for_ever(self) -> None:
        with mock.patch("rocketmq_agent.exporter.http.Handler.timeout", 0.3):
            idle = [
                socket.create_connection(("127.0.0.1", self.server.server_port)) for _ in range(8)
            ]
            try:
                self.assertEqual(self.get("/")[0], 200)
            finally:
                for one in idle:
                    one.close()


class Background(Cluster):
    def halt(self, service: Service) -> None:
        service.stop()
        service._thread.join(5)

    def test_follows_its_file_to_other_name_servers(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "exporter.json")

            def write(text: str) -> None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

            service = Service(settings(["127.0.0.1:1"], interval=1.0), file=path)
            service.collector.namesrv_up = {"127.0.0.1:1": True}
            write("not JSON")
            service._follow()
            self.assertEqual(service.settings.namesrv, ["127.0.0.1:1"])
            write(json.dumps({"namesrv": [self.namesrv.address], "port": 1}))
            service._follow()
            page = text(service.metrics()).decode()
            self.assertIn(f'namesrv_up{{namesrv="{self.namesrv.address}"}} 0', page)
            self.assertNotIn('127.0.0.1:1"', page)
            service.collector.collect()
            self.assertEqual(service.collector.namesrv_up, {self.namesrv.address: True})
            # The port that it listens on stays: that needs a restart.
            self.assertNotEqual(service.settings.port, 1)

    def test_collects_at_once_and_again(self) -> None:
        service = Service(settings([self.namesrv.address], interval=1.0))
        service.start()
        self.addCleanup(self.halt, service)
        deadline = time.monotonic() + 5
        while service.collector.begun < 2 or not service.healthy:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertIn(b"rocketmq_producer_offset", text(service.metrics()))

    def test_an_error_of_ours_does_not_end_it(self) -> None:
        collector = Collector(settings([self.namesrv.address], interval=1.0))
        with mock.patch.object(collector, "collect", side_effect=[ZeroDivisionError, mock.DEFAULT]):
            service = Service(settings([self.namesrv.address], interval=0.1), collector)
            service.start()
            self.addCleanup(self.halt, service)
            deadline = time.monotonic() + 5
            while len(self.told) < 2:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)
        self.assertIn("internal error", self.told[0])
        self.assertIn("succeeds again", self.told[1])


class Program(Cluster):
    def test_serves_until_it_is_stopped(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "exporter.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"namesrv": [self.namesrv.address], "port": port}, file)
            code = "import sys; from rocketmq_agent.exporter import main; sys.exit(main())"
            command = [sys.executable, "-c", code, "--config", path]
            with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
                try:
                    self.assertIn(b"rocketmq_producer_offset", self.wait_for(port))
                    second = subprocess.run(command, stderr=subprocess.PIPE, check=False)
                    self.assertEqual(second.returncode, 1)
                    self.assertIn(b"Address already in use", second.stderr)
                finally:
                    process.send_signal(signal.SIGTERM)
                process.communicate(timeout=10)
                self.assertEqual(process.returncode, 0)

    def wait_for(self, port: int) -> bytes:
        deadline = time.monotonic() + 10
        while True:
            try:
                with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                    connection.request("GET", "/metrics")
                    body = connection.getresponse().read()
                if b"rocketmq_producer_offset" in body or time.monotonic() > deadline:
                    return body
            except OSError:
                self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
