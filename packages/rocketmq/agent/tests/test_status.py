"""The state of a cluster, against fakes that answer as 4.9.3 and 5.5.0 were seen to."""

import json
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Dict, List

from fake_broker import fake_master, runtime_table
from fake_rocketmq import FakeServer, cluster_body
from rocketmq_agent.document import parse
from rocketmq_agent.remoting.version import release_of
from rocketmq_agent.status import run
from rocketmq_agent.status.consumers import Reading, merge
from rocketmq_agent.status.exporter import ask_exporter


class Versions(unittest.TestCase):
    def test_numbers_of_answers(self) -> None:
        self.assertEqual(
            [release_of(number) for number in (399, 407, 411, 413, 433, 479, 513, 398, 412)],
            ["4.9.3", "4.9.7", "4.9.9", "5.0.0", "5.1.0", "5.3.3", "5.5.0"]
            + ["4.9.3-SNAPSHOT", "5.0.0-SNAPSHOT"],
        )
        self.assertEqual([release_of(number) for number in (0, 211, 613)], ["", "", ""])


class Status(unittest.TestCase):
    def setUp(self) -> None:
        self.namesrv = self.server(513)
        self.master = self.server(513)
        self.slave = self.server(513)
        fake_master(self.master, since5=True)
        self.master.on(26, b"brokerPermission=6\nbrokerRole=ASYNC_MASTER\n")
        self.slave.on(28, {"table": runtime_table(400, since5=True)})
        self.slave.on(26, b"brokerPermission=6\nbrokerRole=SLAVE\n")
        client = {"masterAddr": "10.0.0.1:10912", "lastReadTimestamp": int(time.time() * 1000)}
        self.slave.on(907, {"master": False, "haClientRuntimeInfo": client})
        self.register({0: self.master.address, 1: self.slave.address})
        self.open(6)

    def server(self, version: int) -> FakeServer:
        server = FakeServer(version)
        self.addCleanup(server.close)
        return server

    def register(self, members: Dict[int, str]) -> None:
        self.namesrv.on(106, cluster_body({"broker-a": members}))

    def open(self, perm: int) -> None:
        queues = {"brokerName": "broker-a", "perm": perm, "readQueueNums": 1, "writeQueueNums": 1}
        self.namesrv.on(105, {"queueDatas": [queues], "brokerDatas": []})

    def ask(self, **changes: Any) -> Dict[str, Any]:
        document = {
            "format": 1,
            "host": "h1",
            "cluster": "C",
            "paths": {"deploy": "/opt/rocketmq", "data": "/data/rocketmq"},
            "namesrv": [self.namesrv.address],
            "brokers": [
                {"brokerName": "broker-a", "brokerId": 0, "address": self.master.address},
                {"brokerName": "broker-a", "brokerId": 1, "address": self.slave.address},
            ],
        }
        return run(parse("status", json.dumps({**document, **changes}))).to_document(0.1234)

    def test_a_healthy_cluster(self) -> None:
        found = self.ask()
        self.assertAlmostEqual(found["time"], time.time() * 1000, delta=60000)
        self.assertEqual(found["seconds"], 0.123)
        self.assertEqual(
            found["nameServers"],
            [
                {
                    "address": self.namesrv.address,
                    "up": True,
                    "version": "5.5.0",
                    "brokers": {"broker-a": {"0": self.master.address, "1": self.slave.address}},
                    "permissions": {"broker-a": 6},
                }
            ],
        )
        master, slave = found["brokers"]
        self.assertEqual(
            {key: master[key] for key in ("up", "version", "role", "permission", "putTps")},
            {
                "up": True,
                "version": "5.5.0",
                "role": "ASYNC_MASTER",
                "permission": 6,
                "putTps": 0.5,
            },
        )
        self.assertEqual(master["diskFree"], 58.9 * 2**30)
        self.assertEqual((slave["behindBytes"], slave["connected"]), (600, True))
        self.assertEqual(
            found["consumers"],
            [
                {
                    "group": "billing",
                    "topic": topic,
                    "unread": unread,
                    "clients": 1,
                    "broadcasting": False,
                }
                for topic, unread in (("%RETRY%billing", 2), ("ORDERS", 4))
            ],
        )
        self.assertNotIn("exporter", found)

    def test_what_cannot_be_reached_says_so(self) -> None:
        self.slave.close()
        self.namesrv.close()
        found = self.ask()
        (namesrv,) = found["nameServers"]
        self.assertEqual((namesrv["up"], namesrv["error"]), (False, "Connection refused"))
        master, slave = found["brokers"]
        self.assertTrue(master["up"])
        self.assertEqual((slave["up"], slave["error"]), (False, "Connection refused"))

    def test_a_slave_of_a_dead_master(self) -> None:
        self.master.close()
        slave = self.ask()["brokers"][1]
        self.assertTrue(slave["up"])
        self.assertIn("Connection refused", slave["replicaError"])

    def test_a_broker_that_nobody_asked_for(self) -> None:
        self.register({0: self.master.address, 1: self.slave.address, 2: "127.0.0.1:1"})
        stranger = self.ask()["brokers"][2]
        self.assertEqual((stranger["brokerId"], stranger["up"]), (2, False))

    def test_closed_for_writes(self) -> None:
        self.open(4)
        self.master.on(26, b"brokerPermission=4\n")
        found = self.ask()
        self.assertEqual(found["nameServers"][0]["permissions"], {"broker-a": 4})
        self.assertEqual(found["brokers"][0]["permission"], 4)

    def test_before_the_first_topic_is_known(self) -> None:
        self.namesrv.on(105, b"", code=17, remark="no topic")
        self.assertEqual(self.ask()["nameServers"][0]["permissions"], {})

    def test_statistics_that_fail_leave_the_rest(self) -> None:
        self.master.on(317, {"consumeStatsList": [7]})
        found = self.ask()
        self.assertTrue(found["brokers"][0]["up"])
        self.assertIn("unexpected answer", found["brokers"][0]["consumersError"])
        self.assertEqual(found["consumers"], [])

    def test_an_answer_that_no_version_gives(self) -> None:
        self.master.on(28, {"table": 7})
        master, slave = self.ask()["brokers"]
        self.assertEqual((master["up"], slave["up"]), (False, True))

    def test_clients_count_once_though_they_are_connected_to_each_broker(self) -> None:
        readings: List[Reading] = [
            Reading("g", "T", 3, ["a", "b"], False),
            Reading("g", "T", 4, ["b", "c"], False),
            Reading("all", "T", 9, ["a"], True),
        ]
        found = {one["group"]: (one["unread"], one["clients"]) for one in merge(readings)}
        self.assertEqual(found, {"g": (7, 3), "all": (0, 1)})


class Exporter(unittest.TestCase):
    def serve(self, page: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:  # type: ignore[override]
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/metrics"

    def test_says_how_old_its_figures_are(self) -> None:
        url = self.serve(b"rocketmq_x 1\nrocketmq_exporter_snapshot_age_seconds 2.5\n")
        self.assertEqual(ask_exporter(url), {"url": url, "up": True, "snapshotAge": 2.5})

    def test_an_empty_page_is_no_exporter(self) -> None:
        found = ask_exporter(self.serve(b""))
        self.assertEqual((found["up"], found["error"]), (False, "serves no series of a cluster"))

    def test_nobody_there(self) -> None:
        found = ask_exporter("http://127.0.0.1:1/metrics")
        self.assertFalse(found["up"])
        self.assertIn("Connection refused", found["error"])


if __name__ == "__main__":
    unittest.main()
