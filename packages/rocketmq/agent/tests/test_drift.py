"""What is found to differ on a host, without a host: files, units' texts, live keys."""

import os
import unittest
from typing import Any, Dict, List, cast
from unittest import mock

from rocketmq_agent import check
from rocketmq_agent.check import host as check_host
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.host import package, sysctl
from rocketmq_agent.host.versions import RECORD
from rocketmq_agent.lock import HostLock, holder
from rocketmq_agent.node import conf, drift, lifecycle, unit
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.release import Release
from rocketmq_agent.node.role import BROKER
from rocketmq_agent.system import systemd
from rocketmq_agent.system.commands import Finished
from rocketmq_agent.system.files import write_json
from support import InFolder, document


class Units(unittest.TestCase):
    def test_the_command_of_a_unit_is_what_it_was_rendered_from(self) -> None:
        command = ["/jdk/bin/java", "-Xmx1g", '-Dx=a "b" $HOME%i\\n', "-Dsemi=a;b", "-cp", "/l/*"]
        service = unit.Service("d", command, {"A": "b c"}, "u", "/f", 1, 1, "mqbroker")
        self.assertEqual(unit.command_of(unit.render(service)), command)

    def test_a_text_without_a_command(self) -> None:
        self.assertEqual(unit.command_of("[Unit]\n"), [])

    def test_a_unit_whose_file_is_gone_is_nobody_elses(self) -> None:
        def shown(path: str) -> "mock._patch[Any]":
            finished = Finished(0, f"FragmentPath={path}\n")
            return mock.patch.object(systemd, "run", return_value=finished)

        with mock.patch.object(systemd, "FOLDER", "/nowhere"):
            with shown("/nowhere/mqbroker.service"):
                systemd.check_ours("mqbroker")
            with shown("/usr/lib/systemd/system/mqbroker.service"), self.assertRaises(StepError):
                systemd.check_ours("mqbroker")


class LiveKeys(unittest.TestCase):
    def test_another_spelling_is_no_difference(self) -> None:
        self.assertEqual(
            drift.live_keys({"a": "010", "b": "TRUE", "c": "x"}, {"a": "10", "b": "true"}), []
        )

    def test_another_value_is(self) -> None:
        self.assertEqual(
            drift.live_keys({"a": "10", "b": "x"}, {"a": "9", "b": "x"}),
            [drift.Drift("a", "10", "9")],
        )

    def test_what_the_process_made_of_a_key_at_its_start_is_not(self) -> None:
        values, started = {"ratio": "40", "a": "1"}, {"ratio": "30", "a": "1"}
        own = drift.adjusted(values, started)
        self.assertEqual(own, {"ratio": "30"})
        self.assertEqual(drift.live_keys(values, started, own), [])
        self.assertEqual(
            drift.live_keys(values, {"ratio": "20", "a": "1"}, own),
            [drift.Drift("ratio", "40", "20")],
        )


class ConfFile(InFolder):
    VALUES = {"brokerName": "broker-a", "deleteWhen": "04", "path": "C:\\x y"}

    def found(self, text: str, live: Dict[str, str]) -> List[drift.Drift]:
        self.write("releases/3/conf/broker.conf", text)
        release = Release({"conf": self.VALUES}, [], {})
        release.number = "3"
        node = mock.Mock(spec=Node)
        node.releases = self.path("releases")
        return drift.conf_file(cast(Node, node), BROKER, release, live)

    def test_as_it_was_rendered(self) -> None:
        self.assertEqual(self.found(conf.render(self.VALUES, "x"), {}), [])
        self.assertEqual(self.found(conf.render(self.VALUES, "x"), self.VALUES), [])

    def test_as_the_broker_rewrites_it_with_every_key_that_it_knows(self) -> None:
        live = {**self.VALUES, "other": "1"}
        text = "".join(f"{key}={value}\n" for key, value in live.items())
        self.assertEqual(self.found(text, live), [])

    def test_edited_added_and_removed(self) -> None:
        text = "#x\nbrokerName=broker-a\ndeleteWhen=05\nextra=1\n"
        self.assertEqual(
            self.found(text, self.VALUES),
            [
                drift.Drift("broker.conf deleteWhen", "04", "05"),
                drift.Drift("broker.conf path", "C:\\x y", "missing"),
                drift.Drift("broker.conf extra", "(unset)", "1"),
            ],
        )

    def test_gone(self) -> None:
        self.found("", {})
        os.unlink(self.path("releases/3/conf/broker.conf"))
        release = Release({"conf": self.VALUES}, [], {})
        release.number = "3"
        node = mock.Mock(spec=Node)
        node.releases = self.path("releases")
        found = drift.conf_file(cast(Node, node), BROKER, release, {})
        self.assertEqual([one.found for one in found], ["missing"])


class Package(InFolder):
    def test_missing_and_altered_files(self) -> None:
        self.write("5.5.0/lib/a.jar", "a")
        self.write("5.5.0/lib/b.jar", "b")
        files = {"lib/a.jar": 0xE8B7BE43, "lib/b.jar": 1, "lib/c.jar": 2}
        self.assertEqual(
            package.damage(self.path("5.5.0"), {"files": files}),
            ["lib/b.jar is altered", "lib/c.jar is missing"],
        )

    def test_of_an_earlier_installation_nothing_is_known(self) -> None:
        self.assertEqual(package.damage(self.folder, {"sha512": "x"}), [])

    def test_what_a_package_that_is_gone_costs(self) -> None:
        given = document("host")
        given["paths"]["deploy"] = self.folder
        del given["os"]
        with mock.patch.object(check_host.java, "required"), mock.patch("pwd.getpwnam"):
            found = check_host.check(given)
            self.assertEqual([(one.found, one.repair) for one in found], [("missing", "reinstall")])
            folder = self.path("versions", given["package"]["version"])
            os.makedirs(folder)
            write_json(os.path.join(folder, RECORD), {"sha512": given["package"].get("sha512")})
            self.assertEqual(check_host.check(given), [])


class Sysctl(InFolder):
    def found(self, text: str, host: Dict[str, Any], live: Dict[str, str]) -> List[Any]:
        path = self.write("sysctl.conf", text) if text else self.path("none")
        values = {"vm.swappiness": "10", "net.core.rmem_max": "1  2"}
        with mock.patch.object(sysctl, "FILE", path), mock.patch.object(sysctl, "read", live.get):
            return sysctl.drifted(values, host)

    RIGHT = {"vm.swappiness": "10", "net.core.rmem_max": "1 2"}

    def test_none(self) -> None:
        self.assertEqual(self.found(sysctl.render(self.RIGHT), {}, self.RIGHT), [])

    def test_what_the_kernel_refused_is_not_expected(self) -> None:
        text = sysctl.render({"vm.swappiness": "10"})
        self.assertEqual(self.found(text, {}, {"vm.swappiness": "10"}), [])
        refused = {"sysctlRefused": ["net.core.rmem_max"]}
        self.assertEqual(self.found(text, refused, {"vm.swappiness": "10"}), [])

    def test_live_and_file(self) -> None:
        live = {**self.RIGHT, "vm.swappiness": "60"}
        self.assertEqual(
            self.found("vm.swappiness = 60\nnet.core.rmem_max=1 2\n", {"sysctlRefused": []}, live),
            [
                ("vm.swappiness", "10", "60"),
                (self.path("sysctl.conf"), "vm.swappiness = 10", "vm.swappiness = 60"),
            ],
        )

    def test_file_gone(self) -> None:
        found = self.found("", {"sysctlRefused": []}, self.RIGHT)
        self.assertEqual(found, [(self.path("none"), "there", "missing")])


class Check(InFolder):
    def run_check(self, *steps: Dict[str, Any]) -> check.Report:
        return check.run({"steps": list(steps)})

    def test_a_host_that_is_being_changed_is_not_compared(self) -> None:
        with HostLock("broker-rollout of broker-a-0"):
            self.assertEqual(holder(), "broker-rollout of broker-a-0")
            with self.assertRaises(StepError) as caught:
                self.run_check()
        self.assertEqual(caught.exception.code, ExitCode.LOCKED)
        self.assertIn("broker-a-0", caught.exception.message)
        self.assertEqual(holder(), "")
        self.assertEqual(self.run_check().differences, [])

    def test_what_is_no_document(self) -> None:
        with self.assertRaises(StepError) as caught:
            self.run_check({"verb": "host", "document": {"format": 1}})
        self.assertEqual(caught.exception.code, ExitCode.BAD_DOCUMENT)

    def test_a_node_that_is_not_there(self) -> None:
        given = document("broker-a-0-config")
        given["identity"]["storePathRootDir"] = self.path("store")
        with mock.patch("rocketmq_agent.node.node.systemd.check_ours"):
            report = self.run_check({"verb": "broker-config", "document": given})
        self.assertEqual(
            report.to_document(0.0)["differences"],
            [
                {
                    "node": "broker-a-0",
                    "what": "node",
                    "expected": "set up",
                    "found": "not on this host",
                    "repair": "start",
                }
            ],
        )

    def test_nothing_is_written(self) -> None:
        before = sorted(os.walk(self.folder))
        given = document("namesrv-0-config")
        with mock.patch("rocketmq_agent.node.node.systemd.check_ours"):
            self.run_check({"verb": "namesrv-config", "document": given})
        self.assertEqual(sorted(os.walk(self.folder)), before)


class AfterAStart(InFolder):
    """What is noted when a process has become ready."""

    def noted(
        self, document_: Dict[str, Any], live: Dict[str, str], edited: List[str]
    ) -> Dict[str, Any]:
        node = mock.Mock(spec=Node)
        node.record = {}
        server = lifecycle.Server(cast(Node, node), lambda: "", [], None, live=lambda: live)
        with mock.patch.object(lifecycle.release, "current") as current:
            current.return_value = Release(document_, [], {})
            lifecycle._note_adjusted(server, edited)
        return dict(node.record)

    def test_keys_that_it_changed_itself(self) -> None:
        found = self.noted({"conf": {"a": "1", "b": "2"}}, {"a": "1", "b": "3", "c": "4"}, [])
        self.assertEqual(found, {"adjusted": {"b": "3"}})

    def test_what_it_read_from_an_edited_file_stays_drift(self) -> None:
        found = self.noted({"conf": {"a": "1", "b": "2"}}, {"a": "9", "b": "3"}, ["a"])
        self.assertEqual(found, {"adjusted": {"b": "3"}})

    def test_which_keys_of_the_file_were_edited(self) -> None:
        self.write("releases/3/conf/broker.conf", "a=1\nb=8\nratio=30\n")
        release = Release({"conf": {"a": "1", "b": "2", "gone": "3", "ratio": "40"}}, [], {})
        release.number = "3"
        node = mock.Mock(spec=Node, releases=self.path("releases"))
        node.record = {"adjusted": {"ratio": "30"}}
        self.assertEqual(drift.edited(cast(Node, node), release), ["b", "gone"])

    def test_an_exporter_has_no_keys(self) -> None:
        self.assertEqual(self.noted({"source": "builtin"}, {}, []), {})
