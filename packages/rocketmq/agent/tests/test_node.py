"""The pure parts of the node steps."""

import os
import unittest
from typing import Any, Dict

from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import conf, defaults, hot, jvm, pins, steps, unit
from rocketmq_agent.node.release import Release, differences
from rocketmq_agent.system.memory import machine_mb
from support import InFolder, document

RESOLVED = {"javaHome": "/jdk", "javaMajor": 17, "heapMb": 256, "directMb": 256, "user": "rocketmq"}


def release(**conf_changes: str) -> Release:
    given = document("broker-a-0-config")
    values = {**given["release"]["conf"], **conf_changes}
    return Release({**given["release"], "conf": values}, given["hot"], dict(RESOLVED))


def without(one: Release, *keys: str) -> Release:
    values = {key: value for key, value in one.values.items() if key not in keys}
    names = [key for key in one.hot if key not in keys]
    return Release({**one.document, "conf": values}, names, one.resolved)


class Rendering(unittest.TestCase):
    maxDiff = None

    def test_conf_is_sorted_and_escaped(self) -> None:
        values = {"b": "x=1:2 # not a comment", "a": " lead\\\n", "c d": "\u00e4\U0001f680"}
        self.assertEqual(
            conf.render(values, "broker x").splitlines()[2:],
            [
                "a=\\ lead\\\\\\n",
                "b=x=1:2 # not a comment",
                "c\\ d=\\u00e4\\ud83d\\ude80",
            ],
        )

    def test_unit(self) -> None:
        text = unit.render(
            unit.Service(
                description="Apache RocketMQ broker a of cluster 100%",
                command=["/jdk/bin/java", "-Xmx1g", "-Dx=a b$%", "-cp", "/x/lib/*"],
                environment={"ROCKETMQ_HOME": "/x"},
                user="rocketmq",
                folder="/data/a",
                nofile=655350,
                stop_timeout=120,
                part_of="mqbroker",
            )
        )
        self.assertEqual(
            text,
            """\
# Written by the RocketMQ host agent; changes here are overwritten.
[Unit]
Description=Apache RocketMQ broker a of cluster 100%%
Documentation=https://rocketmq.apache.org/docs/
Wants=network-online.target
After=network-online.target
PartOf=mqbroker.service
After=mqbroker.service

[Service]
Type=simple
User=rocketmq
WorkingDirectory=/data/a
Environment=ROCKETMQ_HOME=/x
ExecStart=/jdk/bin/java \\
  -Xmx1g \\
  "-Dx=a b$$%%" \\
  -cp \\
  /x/lib/*
SuccessExitStatus=143
Restart=on-failure
RestartSec=5
TimeoutStopSec=120
LimitNOFILE=655350
LimitMEMLOCK=infinity
TasksMax=infinity
NoNewPrivileges=yes
UMask=0027

[Install]
WantedBy=mqbroker.service
""",
        )

    def test_a_node_without_umbrella_starts_by_itself(self) -> None:
        service = unit.Service("d", ["/j"], {}, "u", "/f", 1, 1, None)
        self.assertEqual(service.wanted_by, "multi-user.target")
        self.assertNotIn("PartOf", unit.render(service))


class JavaOptions(unittest.TestCase):
    JVM: Dict[str, Any] = {
        "options": ["-server"],
        "byJava": [
            {"to": 8, "options": ["-old"]},
            {"from": 9, "options": ["-new"]},
            {"from": 9, "to": 11, "options": ["-middle"]},
        ],
        "extra": ["-Xmx9g"],
    }

    def test_the_users_own_come_last(self) -> None:
        self.assertEqual(
            jvm.options(self.JVM, 17, 512, 256, "/logs"),
            [
                "-Xms512m",
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=256m",
                "-server",
                "-new",
                "-Xlog:gc*:file=/logs/gc.log:time,tags:filecount=5,filesize=30m",
                "-Xmx9g",
            ],
        )

    def test_ranges(self) -> None:
        for major, expected in ((8, ["-old"]), (11, ["-new", "-middle"]), (21, ["-new"])):
            found = jvm.options(self.JVM, major, 1, None, "/l")
            self.assertEqual([one for one in found if one in ("-old", "-new", "-middle")], expected)

    def test_gc_log_of_java_8(self) -> None:
        self.assertIn("-Xloggc:/l/gc.log", jvm.options(self.JVM, 8, 1, None, "/l"))


class Memory(InFolder):
    def test_share_within_bounds(self) -> None:
        self.assertEqual(pins.compute({"percent": 25, "minMb": 512, "maxMb": 8192}, 16384), 4096)
        self.assertEqual(pins.compute({"percent": 25, "minMb": 512, "maxMb": 8192}, 1024), 512)
        self.assertEqual(pins.compute({"percent": 25, "minMb": 512, "maxMb": 8192}, 65536), 8192)

    def test_computed_once(self) -> None:
        known: pins.Pins = {}
        wanted = {"percent": 50}
        self.assertEqual(pins.resolve("heap", wanted, known, lambda: 1000), 500)
        self.assertEqual(pins.resolve("heap", wanted, known, lambda: 4000), 500)
        self.assertEqual(pins.resolve("heap", {"percent": 25}, known, lambda: 4000), 1000)
        self.assertEqual(pins.resolve("heap", {"mb": 700}, known, lambda: 4000), 700)
        self.assertEqual(pins.resolve("heap", wanted, known, lambda: 4000), 2000)
        self.assertIsNone(pins.resolve("direct", None, known, lambda: 4000))

    def test_machine(self) -> None:
        self.write("proc/meminfo", "MemTotal:       16384000 kB\nMemFree: 1 kB\n")
        self.assertEqual(machine_mb(self.folder), 16000)

    def test_limit_of_a_cgroup_above_counts(self) -> None:
        self.write("proc/meminfo", "MemTotal:       16384000 kB\n")
        self.write("proc/self/cgroup", "0::/system.slice/x.service\n")
        self.write("sys/fs/cgroup/system.slice/x.service/memory.max", "max\n")
        self.write("sys/fs/cgroup/system.slice/memory.max", f"{2 << 30}\n")
        self.assertEqual(machine_mb(self.folder), 2048)

    def test_cgroup_v1(self) -> None:
        self.write("proc/meminfo", "MemTotal:       16384000 kB\n")
        self.write("proc/self/cgroup", "5:memory:/x\n1:name=systemd:/x\n0::/x\n")
        self.write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9223372036854771712\n")
        self.assertEqual(machine_mb(self.folder), 16000)
        self.write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", f"{1 << 30}\n")
        self.assertEqual(machine_mb(self.folder), 1024)


class Differences(unittest.TestCase):
    def test_same(self) -> None:
        self.assertEqual(differences(release(), release(), ()), [])

    def test_hot_keys_do_not_count(self) -> None:
        running, desired = release(), release(fileReservedTime="48")
        self.assertEqual(differences(running, desired, steps.hot_keys(running, desired)), [])

    def test_a_removed_hot_key_does_not_count(self) -> None:
        running, desired = release(), without(release(), "fileReservedTime")
        self.assertEqual(differences(running, desired, steps.hot_keys(running, desired)), [])

    def test_a_key_that_is_hot_no_more_counts(self) -> None:
        running, desired = release(), release(fileReservedTime="48")
        desired.hot.remove("fileReservedTime")
        self.assertEqual(
            differences(running, desired, steps.hot_keys(running, desired)),
            ["fileReservedTime 168 -> 48"],
        )

    def test_what_needs_a_restart(self) -> None:
        desired = release(flushDiskType="SYNC_FLUSH")
        desired.document["version"] = "5.3.3"
        desired.resolved["heapMb"] = 300
        self.assertEqual(
            differences(release(), desired, ()),
            [
                "flushDiskType ASYNC_FLUSH -> SYNC_FLUSH",
                "JVM -Xms256m -Xmx256m -> -Xms300m -Xmx300m",
                "version 5.5.0 -> 5.3.3",
            ],
        )

    def test_of_a_secret_one_keys_alone_are_told(self) -> None:
        desired = release(flushDiskType="SYNC_FLUSH")
        desired.document["secret"] = True
        self.assertEqual(differences(release(), desired, ()), ["flushDiskType"])
        # That it became one is no reason to restart it.
        same = release()
        same.document["secret"] = True
        self.assertEqual(differences(release(), same, ()), [])

    def test_order_of_options(self) -> None:
        desired = release()
        options = list(reversed(desired.document["jvm"]["options"]))
        desired.document["jvm"] = {**desired.document["jvm"], "options": options}
        self.assertEqual(differences(release(), desired, ()), ["order of the JVM options"])

    def test_hot_keys_go_along_with_a_rollout(self) -> None:
        running = release(fileReservedTime="48")
        rollout = Release(document("broker-a-0-rollout")["release"], (), RESOLVED)
        joined = steps.with_hot(rollout, running)
        self.assertEqual(joined.values, running.values)
        self.assertEqual(joined.hot, running.hot)


class HotKeys(unittest.TestCase):
    def test_nothing_due(self) -> None:
        live = {"a": "1", "b": "true", "other": "x"}
        self.assertEqual(hot.compare({"a": "1"}, {"a": "1", "b": "true"}, live).changes, {})

    def test_changed_by_the_user(self) -> None:
        due = hot.compare({"a": "1"}, {"a": "2"}, {"a": "1"})
        self.assertEqual(due, hot.Due({"a": "2"}, ["a 1 -> 2"]))

    def test_changed_by_somebody_else(self) -> None:
        due = hot.compare({"a": "1"}, {"a": "1"}, {"a": "9"})
        self.assertEqual(due.changes, {"a": "1"})
        self.assertEqual(due.phrases, ["a 9 -> 1 (was changed by somebody else)"])

    def test_removed(self) -> None:
        self.assertEqual(hot.removed(release(), without(release(), "deleteWhen")), ["deleteWhen"])

    def test_only_what_both_versions_apply(self) -> None:
        running, desired = release(), release()
        running.hot.remove("deleteWhen")
        self.assertIn("deleteWhen", hot.keys(running, desired))
        desired.document["version"] = "5.3.3"
        self.assertNotIn("deleteWhen", hot.keys(running, desired))

    def test_defaults_as_rocketmq_prints_them(self) -> None:
        output = "2026-11-23 15:16:31 INFO main - listenPort=0\nfileReservedTime=72\nnoise\n"
        self.assertEqual(defaults.parse(output), {"listenPort": "0", "fileReservedTime": "72"})


class Identity(InFolder):
    def setUp(self) -> None:
        super().setUp()
        from rocketmq_agent.node import identity

        self.module = identity
        self.identity = {**document("broker-a-0-config")["identity"]}
        self.identity["storePathRootDir"] = self.path("store")
        self.ready = False

    def check(self, record: Dict[str, Any]) -> None:
        known = {"name": "broker-a-0", "record": record, "was_ready": self.ready}
        node: Any = type("Node", (), known)()
        self.module.check(node, self.identity)

    def refused(self, pattern: str, record: Dict[str, Any]) -> None:
        with self.assertRaisesRegex(StepError, pattern) as caught:
            self.check(record)
        self.assertEqual(caught.exception.code, ExitCode.REFUSED)

    def test_new_and_same(self) -> None:
        self.check({})
        self.check({"identity": dict(self.identity)})

    def test_a_master_whose_disk_is_not_there(self) -> None:
        known = {"identity": dict(self.identity)}
        self.ready = True
        self.refused("is not in .*store", known)
        self.identity["brokerId"] = known["identity"]["brokerId"] = 1
        # A slave gets it all from its master.
        self.check(known)

    def test_renamed(self) -> None:
        known = {**self.identity, "brokerName": "broker-z"}
        self.refused("brokerName broker-z -> broker-a", {"identity": known})

    def test_store_of_another_broker(self) -> None:
        self.write(
            "store/" + self.module.MARK,
            '{"brokerClusterName": "demo", "brokerName": "broker-z", "brokerId": 0}',
        )
        self.refused("belongs to broker broker-z", {})

    def test_store_of_a_stranger(self) -> None:
        os.makedirs(self.path("store/commitlog"))
        self.refused("not set up by this agent", {})

    def test_own_store_after_a_delete(self) -> None:
        os.makedirs(self.path("store/commitlog"))
        self.write(
            "store/" + self.module.MARK,
            '{"brokerClusterName": "demo", "brokerName": "broker-a", "brokerId": 0}',
        )
        self.check({})
