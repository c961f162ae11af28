"""Adoption: who is found, what is compared, what becomes of the old unit."""

import os
import unittest
from typing import Any, Dict, List
from unittest import mock

from test_preflight import TCP_ROW, FakeHost

from rocketmq_agent.adopt import compare, old_conf, old_unit, take
from rocketmq_agent.adopt.find import Trouble, find
from rocketmq_agent.check.node import note
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import lifecycle, release, remove
from rocketmq_agent.node.lifecycle import Server
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.role import BROKER
from rocketmq_agent.result import Result
from rocketmq_agent.system import systemd
from rocketmq_agent.system.systemd import MARK
from support import InFolder, document

JAVA = "java -cp .:/app/rocketmq/lib/* org.apache.rocketmq.broker.BrokerStartup"
SHELL = "/bin/bash -c source-profile-and-run-mqbroker"
OLD_TEXT = "[Service]\nExecStart=/old\n"


class Finding(unittest.TestCase):
    def setUp(self) -> None:
        self.host = FakeHost()
        self.host.files["/proc/net/tcp"] += TCP_ROW.format(0, 10911, "0A", "7001") + "\n"

    def test_the_playbooks_broker(self) -> None:
        conf = "/app/rocketmq/conf/broker.conf"
        self.host.add_process(139, SHELL, "mqbroker.service")
        self.host.add_process(140, f"{JAVA} -c {conf}", "mqbroker.service", "7001")
        self.assertEqual(find(self.host, 10911, BROKER.main), (140, "mqbroker", conf))

    def test_a_file_by_a_relative_path(self) -> None:
        self.host.add_process(140, f"{JAVA} -c conf/broker.conf", "mq.service", "7001")
        self.host.links["/proc/140/cwd"] = "/app/rocketmq"
        found = find(self.host, 10911, BROKER.main)
        assert found is not None
        self.assertEqual(found.conf, "/app/rocketmq/conf/broker.conf")

    def test_nobody_listens(self) -> None:
        self.assertIsNone(find(self.host, 20911, BROKER.main))

    def test_ours(self) -> None:
        self.host.files["/etc/systemd/system/mqbroker@broker-a-0.service"] = MARK
        self.host.add_process(140, JAVA, "mqbroker@broker-a-0.service", "7001")
        self.assertIsNone(find(self.host, 10911, BROKER.main))

    def refused(self, pattern: str) -> None:
        with self.assertRaisesRegex(Trouble, pattern):
            find(self.host, 10911, BROKER.main)

    def test_another_program(self) -> None:
        self.host.add_process(140, "nginx", "nginx.service", "7001")
        self.refused("in use by pid 140 .*, no BrokerStartup")

    def test_without_a_unit(self) -> None:
        self.host.add_process(140, JAVA, "", "7001")
        self.refused("was not started by a systemd unit")

    def test_from_a_shell_of_somebody_who_logged_in(self) -> None:
        self.host.add_process(77, "sshd: ops@pts/0", "ssh.service")
        self.host.add_process(140, JAVA, "ssh.service", "7001")
        self.refused("unit ssh.service runs more than that server: pid 77")


class Comparing(unittest.TestCase):
    WANTED = {
        "brokerName": "broker-a",
        "namesrvAddr": "a:9876;b:9876",
        "fileReservedTime": "168",
        "diskMaxUsedSpaceRatio": "75",
        "storePathRootDir": "/data/store",
        "storePathCommitLog": "/data/store/commitlog",
    }
    LIVE = {
        **WANTED,
        "namesrvAddr": "b:9876;a:9876",
        "diskMaxUsedSpaceRatio": "88",
        "mappedFileSizeCommitLog": "1073741824",
        "messageDelayLevel": compare.USUAL["messageDelayLevel"],
        "maxMessageSize": "4194304",
        "myOwn": "5",
    }

    def problems(
        self,
        live: Any = None,
        filed: Any = (),
        usual: Any = None,
        used: int = 10,
        wanted: Any = None,
    ) -> List[str]:
        keys = {**self.LIVE, **(live or {})}
        file = {key: keys[key] for key in filed}
        want = {**self.WANTED, **(wanted or {})}
        found = compare.conf_problems(want, keys, file, usual or {}, used)
        return [f"{one.what} -> {one.remedy}" for one in found]

    def test_the_playbooks_own_values_are_none(self) -> None:
        self.assertEqual(self.problems(filed=["messageDelayLevel", "diskMaxUsedSpaceRatio"]), [])

    def test_a_store_of_another_make(self) -> None:
        made = {"mappedFileSizeCommitLog": "536870912"}
        (one,) = self.problems(made)
        self.assertIn("was made with mappedFileSizeCommitLog 536870912", one)
        self.assertIn('set brokerConfig.mappedFileSizeCommitLog: "536870912"', one)
        self.assertEqual(self.problems(made, wanted=made), [])

    def test_a_log_elsewhere(self) -> None:
        (one,) = self.problems({"storePathCommitLog": "/ssd/log"})
        self.assertIn('set brokerConfig.storePathCommitLog: "/ssd/log"', one)

    def test_messages_that_would_be_deleted(self) -> None:
        (one,) = self.problems({"fileReservedTime": "720"})
        self.assertIn("it has fileReservedTime 720, the program says 168", one)
        self.assertEqual(self.problems({"fileReservedTime": "48"}), [])
        (one,) = self.problems(used=80)
        self.assertIn("diskMaxUsedSpaceRatio 88, the program says 75: the disk is 80 % full", one)

    def test_keys_that_a_restart_would_lose(self) -> None:
        (one,) = self.problems(filed=["myOwn", "messageDelayLevel"])
        self.assertIn('keys that the program does not have: myOwn: "5" -> put them', one)
        self.assertEqual(self.problems(filed=["myOwn"], usual={"myOwn": "5"}), [])
        self.assertEqual(self.problems(filed=["myOwn"], wanted={"myOwn": "6"}), [])
        (one,) = self.problems({"maxMessageSize": "8388608"}, filed=["maxMessageSize"])
        self.assertIn('maxMessageSize: "8388608"', one)

    def test_a_file_that_rocketmq_has_written(self) -> None:
        many = {f"key{number}": "1" for number in range(100)}
        self.assertEqual(self.problems(many, filed=many), [])
        (one,) = self.problems({**many, "key7": "2"}, filed=many, usual={"key7": "1"})
        self.assertIn('key7: "2"', one)

    def test_what_it_runs_with(self) -> None:
        more = {"kvConfigPath": "/ours", "new": "1"}
        live = {**self.LIVE, "kvConfigPath": "/root/namesrv/kvConfig.json"}
        self.assertEqual(
            compare.effective({**self.WANTED, **more}, live),
            {**self.WANTED, **more, "diskMaxUsedSpaceRatio": "88"},
        )

    def test_another_broker(self) -> None:
        identity = document("broker-a-0-config")["identity"]
        live = {key: str(value) for key, value in identity.items()}
        self.assertEqual(compare.identity_problems(10911, live, identity), [])
        slash = {**live, "storePathRootDir": live["storePathRootDir"] + "/"}
        self.assertEqual(compare.identity_problems(10911, slash, identity), [])
        (one,) = compare.identity_problems(10911, {**live, "brokerName": "broker-x"}, identity)
        self.assertEqual(
            one.what, "the broker on 10911 has brokerName broker-x, the program says broker-a"
        )
        self.assertIn("groups[].brokerName", one.remedy)

    def test_another_version(self) -> None:
        self.assertEqual(compare.version_problem("broker", "4.9.3", "4.9.3"), [])
        (one,) = compare.version_problem("broker", "4.9.3", "5.5.0")
        self.assertIn("is RocketMQ 4.9.3, the program says 5.5.0", one.what)


class OldConf(InFolder):
    def test_single_keys(self) -> None:
        text = "# mine\nbrokerName=a\nbrokerPermission = 4\nx=1"
        self.assertEqual(
            old_conf.edit(text, {"brokerPermission": None, "x": "2", "y": "3"}),
            "# mine\nbrokerName=a\nx=2\ny=3\n",
        )
        self.assertEqual(old_conf.edit(text, {}), text)
        self.assertEqual(old_conf.edit("a=1", {"b": "2"}), "a=1\nb=2\n")

    def test_nothing_to_write(self) -> None:
        old_conf.write("", {"a": "1"})
        old_conf.write(self.path("missing"), {"a": "1"})
        self.assertFalse(os.path.exists(self.path("missing")))


class WithOldUnit(InFolder):
    """A unit of somebody else's in systemd's folder, started at boot; no systemd."""

    def setUp(self) -> None:
        super().setUp()
        self.done: List[str] = []
        self.replace(systemd, "FOLDER", self.path("etc"))
        self.replace(systemd, "reload", lambda: None)
        self.replace(systemd, "start", lambda unit: self.done.append(f"start {unit}"))
        self.replace(systemd, "stop", self.stop)
        self.replace(systemd, "state", lambda _: mock.Mock(active="active", pid=0))
        self.replace(old_unit, "_FOLDER", self.path("run"))
        self.file = self.write("etc/mqbroker.service", OLD_TEXT)
        os.makedirs(self.path("etc/multi-user.target.wants"))
        self.link = self.path("etc/multi-user.target.wants/mqbroker.service")
        os.symlink(self.file, self.link)
        self.replace(old_unit, "run", lambda _: mock.Mock(output=f"FragmentPath={self.file}\n"))

    def replace(self, module: Any, name: str, value: Any) -> None:
        patch = mock.patch.object(module, name, value)
        patch.start()
        self.addCleanup(patch.stop)

    def stop(self, unit: str, _: int) -> None:
        self.done.append(f"stop {unit}")

    def text(self, path: str) -> str:
        with open(path, encoding="utf-8") as file:
            return file.read()


class OldUnit(WithOldUnit):
    def test_its_file_and_its_links(self) -> None:
        record = old_unit.describe("mqbroker")
        self.assertEqual(record["text"], OLD_TEXT)
        self.assertEqual(record["links"], [[self.link, self.file]])

    def test_a_unit_of_another_name_is_not_started_at_boot_any_more(self) -> None:
        record = old_unit.describe("mqbroker")
        old_unit.leave(record, ["mqbroker@broker-a-0", "mqbroker"])
        self.assertTrue(os.path.islink(self.link), "ours has the same name")
        old_unit.leave(record, ["mqbroker@broker-a-0"])
        self.assertFalse(os.path.lexists(self.link))
        old_unit.take_up(record)
        self.assertEqual(os.readlink(self.link), self.file)

    def test_a_file_that_ours_was_written_over(self) -> None:
        record = old_unit.describe("mqbroker")
        os.unlink(self.file)
        old_unit.take_up(record)
        self.assertEqual(self.text(self.file), OLD_TEXT)

    def test_it_is_stopped_by_a_signal_and_with_time(self) -> None:
        seen: List[str] = []
        drop_in = self.path("run/mqbroker.service.d/50-rocketmq-agent.conf")
        self.replace(systemd, "stop", lambda *_: seen.append(self.text(drop_in)))
        old_unit.stop("mqbroker", 300)
        self.assertIn("ExecStop=\n", seen[0])
        self.assertIn("TimeoutStopSec=300", seen[0])
        self.assertFalse(os.path.exists(drop_in))

    def test_a_file_that_ours_goes_on_with(self) -> None:
        source = self.write("kv.json", "{}")
        old_unit.keep_copy(source, self.path("ours.json"), os.getuid(), os.getgid())
        self.assertTrue(os.path.exists(self.path("ours.json")))
        old_unit.keep_copy(self.path("none"), self.path("other.json"), 0, 0)
        self.assertFalse(os.path.exists(self.path("other.json")))


class Adopted(WithOldUnit):
    """A node from its adoption to its first restart."""

    RESOLVED: Dict[str, Any] = {"javaHome": "/j", "javaMajor": 17, "user": "rocketmq"}

    def setUp(self) -> None:
        super().setUp()
        self.given = document("broker-a-0-config")
        self.given["paths"] = {"deploy": self.path("opt"), "data": self.path("data")}
        self.given["adopt"] = True
        os.makedirs(self.path("store/commitlog"))
        account = mock.Mock(pw_uid=os.getuid(), pw_gid=os.getgid())
        self.replace(Node, "account", lambda _: account)
        self.replace(old_unit, "give", lambda _, uid, __: self.done.append(f"give {uid}"))
        self.replace(lifecycle, "wait", lambda *_: 1.0)
        self.replace(release, "render_unit", lambda *_: f"{MARK}\n")

    def release(self, heap: int) -> release.Release:
        resolved = {**self.RESOLVED, "heapMb": heap}
        return release.Release(self.given["release"], self.given["hot"], resolved)

    def node(self) -> Node:
        return Node(self.given, self.given["release"]["unit"]["name"])

    def adopted(self) -> Node:
        node = self.node()
        node.make_folders()
        desired = self.release(1)
        found = mock.Mock(unit="mqbroker", conf=self.write("old.conf", "brokerName=broker-a\n"))
        live = {**desired.values, "deleteWhen": "05"}
        take.take(node, BROKER, desired, live, found, [self.path("store")], Result())
        # As the next step finds it.
        return self.node()

    def server(self, node: Node) -> Server:
        return Server(node, lambda: "", [], "mqbroker", self.path("store"))

    def test_it_runs_from_its_old_unit(self) -> None:
        node = self.adopted()
        self.assertTrue(node.was_ready)
        self.assertEqual((node.unit, node.own_unit), ("mqbroker", "mqbroker@broker-a-0"))
        running = release.current(node)
        assert running is not None
        self.assertEqual(running.values["deleteWhen"], "05")
        self.assertEqual(self.done, [])
        self.assertEqual(self.text(self.file), OLD_TEXT)

    def test_a_due_restart_ends_the_adoption(self) -> None:
        node = self.adopted()
        number = release.write(node, BROKER, self.release(2))
        lifecycle.switch(self.server(node), number, Result())
        self.assertIsNone(node.adopted)
        self.assertEqual(
            self.done,
            [
                "stop mqbroker",
                f"give {os.getuid()}",
                "start mqbroker",
                "start mqbroker@broker-a-0",
            ],
        )
        own = self.path("etc/mqbroker@broker-a-0.service")
        self.assertEqual(self.text(own), f"{MARK}\n")
        # The umbrella has the old one's name, and now its place.
        self.assertTrue(self.text(self.file).startswith(MARK))
        self.assertEqual(os.readlink(self.link), self.file)

    def test_a_restart_that_fails_puts_the_old_unit_back(self) -> None:
        node = self.adopted()

        def only_the_old_one_starts(*_: Any) -> float:
            if node.adopted:
                return 1.0
            raise StepError(ExitCode.GATE_FAILED, "did not become ready", "See.")

        self.replace(lifecycle, "wait", only_the_old_one_starts)
        number = release.write(node, BROKER, self.release(2))
        with self.assertRaisesRegex(StepError, "the last good release was put back and runs"):
            lifecycle.switch(self.server(node), number, Result())
        self.assertEqual(node.unit, "mqbroker")
        self.assertEqual(self.done[-1], "start mqbroker")
        self.assertEqual(self.text(self.file), OLD_TEXT)
        self.assertEqual(os.readlink(self.link), self.file)
        self.assertFalse(os.path.exists(self.path("etc/mqbroker@broker-a-0.service")))
        staged = release.staged(node)
        self.assertEqual(staged and staged.number, number)

    def test_a_store_that_cannot_be_given_is_a_failed_restart_too(self) -> None:
        node = self.adopted()
        self.replace(old_unit, "give", mock.Mock(side_effect=OSError("read-only file system")))
        number = release.write(node, BROKER, self.release(2))
        with self.assertRaisesRegex(StepError, "read-only file system; the last good release"):
            lifecycle.switch(self.server(node), number, Result())
        self.assertEqual(self.done, ["stop mqbroker", "stop mqbroker", "start mqbroker"])
        self.assertEqual(self.text(self.file), OLD_TEXT)

    def test_it_is_no_drift_and_is_told(self) -> None:
        node = self.adopted()
        self.assertEqual(
            note(self.given),
            [
                "broker-a-0: adopted; runs from its old unit mqbroker until its next restart",
            ],
        )
        number = release.write(node, BROKER, self.release(2))
        lifecycle.switch(self.server(node), number, Result())
        self.assertEqual(note(self.given), [])

    def test_removed_before_its_first_restart(self) -> None:
        self.adopted()
        result = remove.delete(self.given, mock.Mock())
        self.assertIn("mqbroker stopped and disabled; its files stay", result.changed)
        self.assertEqual(self.done, ["stop mqbroker"])
        self.assertFalse(os.path.lexists(self.link))
        self.assertEqual(self.text(self.file), OLD_TEXT)
        self.assertFalse(self.node().record)

    def test_what_is_adopted_and_what_is_not(self) -> None:
        node = self.node()
        found = mock.Mock(unit="mqbroker", pid=7)
        with mock.patch.object(take, "find", return_value=found):
            self.replace(systemd, "state", lambda _: mock.Mock(running=True))
            self.assertIs(take.candidate(node, self.given, BROKER), found)
            without = {key: value for key, value in self.given.items() if key != "adopt"}
            self.assertIsNone(take.candidate(node, without, BROKER))
            self.replace(systemd, "state", lambda _: mock.Mock(running=False))
            with self.assertRaises(StepError) as caught:
                take.candidate(node, self.given, BROKER)
        self.assertIn("unit mqbroker has let go of its server (pid 7)", str(caught.exception))
        with mock.patch.object(take, "find", return_value=None):
            self.assertIsNone(take.candidate(node, self.given, BROKER))
        self.assertIsNone(take.candidate(self.adopted(), self.given, BROKER))

    def test_folders_of_a_store(self) -> None:
        self.assertEqual(
            take.stores_of(
                "/data/store/",
                {
                    "storePathRootDir": "/data/store",
                    "storePathCommitLog": "/ssd1/log:/ssd2/log,/data/store/commitlog",
                    "storePathEpochFile": "relative",
                },
            ),
            ["/data/store", "/ssd1/log", "/ssd2/log"],
        )
