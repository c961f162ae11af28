"""The exporter against 100 brokers, 1,000 topics and 1,000 consumer groups, or fewer."""

import gc
import gzip
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
from rocketmq_agent.exporter.packed import Packed
from rocketmq_agent.exporter.service import Service
from rocketmq_agent.exporter.settings import Settings

_LARGE = bool(os.environ.get("ROCKETMQ_AGENT_LARGE_TESTS"))
_HERE = os.path.dirname(os.path.abspath(__file__))


class Cluster:
    """Brokers in a process of their own, so that they do not count as the exporter's work."""

    def __init__(self, *sizes: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, os.path.join(_HERE, "many_brokers.py"), *map(str, sizes)],
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

    def numbers(self, page: Packed, name: str) -> List[float]:
        return [
            float(line.rsplit(" ", 1)[1])
            for line in b"".join(page.text()).decode().splitlines()
            if line.startswith((name + " ", name + "{"))
        ]

    @unittest.skipUnless(_LARGE, "takes half a minute: npm run test:full has it")
    def test_a_large_cluster(self) -> None:
        collector = self.start(100, 1000, 1000, 4, 1)
        snapshot = collector.collect()
        self.assertEqual(self.numbers(snapshot.page, "rocketmq_exporter_broker_up"), [1] * 100)
        self.assertEqual(len(self.numbers(snapshot.page, "rocketmq_producer_offset")), 4000)
        self.assertEqual(len(self.numbers(snapshot.page, "rocketmq_consumer_offset")), 4000)
        self.assertEqual(len(self.numbers(snapshot.page, "rocketmq_group_diff")), 1000)
        self.assertEqual(sum(self.numbers(snapshot.page, "rocketmq_group_count")), 500)

        print(f"one collection: {collector.seconds:.1f} s", file=sys.stderr)
        # A scrape takes what is there. The best of several, since the machine has other work.
        service = Service(collector.settings, collector)
        service._snapshot = snapshot
        server = Server(service)
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        best = min(self.scrape(server.server_port, 3000000) for _ in range(10))
        print(f"one scrape: {best * 1000:.0f} ms", file=sys.stderr)
        self.assertLess(best, 0.25)

        # The first collection asks about every group on every broker, the second does not.
        again = collector.collect()
        self.assertEqual(sum(self.numbers(again.page, "rocketmq_group_count")), 500)

        # Ten brokers hang: they wait together, not one after the other.
        for index in range(10):
            self.cluster.tell(f"hang {index}")
        for index in range(10, 15):
            self.cluster.tell(f"vanish {index}")
        broken = collector.collect()
        print(f"with 10 hanging and 5 vanished: {collector.seconds:.1f} s", file=sys.stderr)
        self.assertEqual(sum(self.numbers(broken.page, "rocketmq_exporter_broker_up")), 85)
        seconds = self.numbers(broken.page, "rocketmq_exporter_broker_scrape_seconds")
        self.assertLess(max(seconds), 30)
        page = b"".join(service.metrics().text()).decode()
        self.assertIn("rocketmq_exporter_collection_duration_seconds", page)

    @unittest.skipUnless(_LARGE, "takes minutes: npm run test:full has it")
    def test_every_topic_and_group_on_every_master(self) -> None:
        """As bad as it gets: no topic is on fewer brokers, and each has messages all the time."""
        for brokers in (10, 50, 100):
            collector = self.start(brokers, 1000, 1000, brokers // 2, 1)
            service = Service(collector.settings, collector)
            server = Server(service)
            Thread(target=server.serve_forever, daemon=True).start()
            seconds = []
            for _ in range(3):
                began = time.process_time()
                service._snapshot = collector.collect()
                own = time.process_time() - began
                seconds.append(collector.seconds)
            snapshot = service._snapshot
            assert snapshot is not None
            best = min(self.scrape(server.server_port, brokers * 100000) for _ in range(5))
            (series,) = self.numbers(snapshot.page, "rocketmq_exporter_series")
            packed = sum(len(member) for member in snapshot.page.members)
            print(
                f"{brokers} brokers: {series:.0f} series, {snapshot.page.size / 1e6:.1f} MB "
                f"({packed / 1e6:.1f} MB compressed), first and later collections "
                f"{seconds[0]:.1f} and {min(seconds[1:]):.1f} s ({own:.1f} s its own work), "
                f"a scrape {best * 1000:.0f} ms",
                file=sys.stderr,
            )
            self.assertEqual(
                self.numbers(snapshot.page, "rocketmq_exporter_brokers_scraped"), [brokers]
            )
            self.assertGreater(series, brokers * 4000)
            self.assertEqual(self.numbers(snapshot.page, "rocketmq_exporter_series_dropped"), [0])
            self.assertLess(best, 0.5)
            server.shutdown()
            server.server_close()
            self.cluster.close()

    def scrape(self, port: int, least: int) -> float:
        """Seconds that a page of at least so many bytes takes, compressed as Prometheus asks it."""
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            began = time.monotonic()
            connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"})
            page = connection.getresponse().read()
            took = time.monotonic() - began
        self.assertGreater(len(gzip.decompress(page)), least)
        return took

    def test_twenty_collections_do_not_grow(self) -> None:
        collector = self.start(*((20, 100, 100, 2, 1) if _LARGE else (4, 10, 10, 2, 1)))
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
