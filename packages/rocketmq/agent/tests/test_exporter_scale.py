"""The exporter against 100 brokers, 1,000 topics and 1,000 consumer groups, or fewer."""

import gc
import os
import subprocess
import sys
import time
import tracemalloc
import unittest
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread
from typing import List
from unittest import mock

from rocketmq_agent.exporter.collector import Collector
from rocketmq_agent.exporter.http import Server
from rocketmq_agent.exporter.scrape import Target, Watch
from rocketmq_agent.exporter.service import Service
from rocketmq_agent.exporter.settings import Settings

_LARGE = bool(os.environ.get("ROCKETMQ_AGENT_LARGE_TESTS"))
_HERE = os.path.dirname(os.path.abspath(__file__))


class Cluster:
    """Brokers in a process of their own, so that they do not count as the exporter's work."""

    def __init__(self, brokers: int, topics: int, groups: int, spread: int) -> None:
        sizes = [str(one) for one in (brokers, topics, groups, spread)]
        self._process = subprocess.Popen(
            [sys.executable, os.path.join(_HERE, "many_brokers.py"), *sizes],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
            env=dict(os.environ, PYTHONPATH=os.path.dirname(_HERE)),
        )
        assert self._process.stdout is not None
        self.namesrv = self._process.stdout.readline().strip()

    def tell(self, what: str) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        self._process.stdout.readline()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Scale(unittest.TestCase):
    def setUp(self) -> None:
        patch = mock.patch("rocketmq_agent.exporter.collector.say")
        patch.start()
        self.addCleanup(patch.stop)

    def start(self, *sizes: int) -> "Collector":
        self.cluster = Cluster(*sizes)
        self.addCleanup(self.cluster.close)
        return Collector(Settings([self.cluster.namesrv], "", 0, "/metrics", 30.0))

    def numbers(self, body: bytes, name: str) -> List[float]:
        return [
            float(line.rsplit(" ", 1)[1])
            for line in body.decode().splitlines()
            if line.startswith((name + " ", name + "{"))
        ]

    @unittest.skipUnless(_LARGE, "takes half a minute: npm run test:full has it")
    def test_a_large_cluster(self) -> None:
        collector = self.start(100, 1000, 1000, 4)
        snapshot = collector.collect()
        self.assertEqual(self.numbers(snapshot.body, "rocketmq_exporter_broker_up"), [1] * 100)
        self.assertEqual(len(self.numbers(snapshot.body, "rocketmq_producer_offset")), 4000)
        self.assertEqual(len(self.numbers(snapshot.body, "rocketmq_consumer_offset")), 4000)
        self.assertEqual(len(self.numbers(snapshot.body, "rocketmq_group_diff")), 1000)
        self.assertEqual(sum(self.numbers(snapshot.body, "rocketmq_group_count")), 500)

        print(f"one collection: {collector.seconds:.1f} s", file=sys.stderr)
        # A scrape takes what is there. The best of several, since the machine has other work.
        service = Service(collector.settings, collector)
        service._snapshot = snapshot
        server = Server(service)
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        best = min(self.scrape(server.server_port) for _ in range(10))
        print(f"one scrape: {best * 1000:.0f} ms", file=sys.stderr)
        self.assertLess(best, 0.25)

        # The first collection asks about every group on every broker, the second does not.
        again = collector.collect()
        self.assertEqual(sum(self.numbers(again.body, "rocketmq_group_count")), 500)

        # Ten brokers hang: they wait together, not one after the other.
        for index in range(10):
            self.cluster.tell(f"hang {index}")
        for index in range(10, 15):
            self.cluster.tell(f"vanish {index}")
        broken = collector.collect()
        print(f"with 10 hanging and 5 vanished: {collector.seconds:.1f} s", file=sys.stderr)
        self.assertEqual(sum(self.numbers(broken.body, "rocketmq_exporter_broker_up")), 85)
        seconds = self.numbers(broken.body, "rocketmq_exporter_broker_scrape_seconds")
        self.assertLess(max(seconds), 30)
        page = service.metrics().decode()
        self.assertIn("rocketmq_exporter_collection_duration_seconds", page)

    def scrape(self, port: int) -> float:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            began = time.monotonic()
            connection.request("GET", "/metrics")
            page = connection.getresponse().read()
        self.assertGreater(len(page), 3000000)
        return time.monotonic() - began

    def test_twenty_collections_do_not_grow(self) -> None:
        collector = self.start(*((20, 100, 100, 2) if _LARGE else (4, 10, 10, 2)))
        for _ in range(3):
            collector.collect()
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        collector.collect()
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(20):
            collector.collect()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        self.assertLess(after - before, 300000)


class Turns(unittest.TestCase):
    def test_every_group_has_its_turn_and_those_seen_are_asked_each_time(self) -> None:
        watch, target = Watch(), Target("C", "broker-a", 0, "127.0.0.1:1")
        groups = [f"g{n:03}" for n in range(100)]
        self.assertEqual(watch.due(target, groups, set()), set(groups))
        watch.seen(target, ["g007"])
        asked = [watch.due(target, groups, {"g050"}) for _ in range(8)]
        self.assertEqual(set().union(*asked), set(groups))
        self.assertTrue(all({"g007", "g050"} <= one for one in asked))
        self.assertTrue(all(len(one) < 16 for one in asked))
        watch.keep([])
        self.assertEqual(watch.due(target, groups, set()), set(groups))
