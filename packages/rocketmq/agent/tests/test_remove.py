"""Nodes that are removed, with and without their data."""

import os
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent import state
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import identity, remove
from rocketmq_agent.result import Result
from rocketmq_agent.steps import Context
from rocketmq_agent.system import systemd
from rocketmq_agent.system.files import write_json
from support import InFolder, document


class Remove(InFolder):
    """Only the unit is pretended: there is none."""

    def setUp(self) -> None:
        super().setUp()
        patch = mock.patch.object(systemd, "path_of", lambda unit: self.path(f"{unit}.service"))
        patch.start()
        self.addCleanup(patch.stop)
        self.document = document("broker-a-0-config")
        self.document["paths"] = {"deploy": self.path("opt"), "data": self.path("data")}
        self.conf: Dict[str, str] = self.document["release"]["conf"]
        for key in ("storePathRootDir", "storePathCommitLog"):
            self.conf[key] = self.conf[key].replace("/data/rocketmq", self.path("data"))
        for file in (
            "opt/nodes/broker-a-0/releases/1/release.json",
            "opt/nodes/broker-b-0/releases/1/release.json",
            "data/broker-a-0/store/commitlog/00000000000000000000",
            "data/broker-a-0/store/config/topics.json",
            "data/broker-a-0/logs/rocketmqlogs/broker.log",
            "data/broker-b-0/store/commitlog/00000000000000000000",
        ):
            self.write(file, "x")
        self.remember(cluster="demo")

    def remember(self, **record: Any) -> None:
        folder = state.path("nodes")
        os.makedirs(folder, exist_ok=True)
        write_json(os.path.join(folder, "broker-a-0.json"), {"unit": "mqbroker@a", **record})

    def run_step(self, step: Any) -> Result:
        result = step(self.document, Context("", ""))
        assert isinstance(result, Result)
        return result

    def left(self, folder: str) -> List[str]:
        return sorted(os.listdir(self.path(folder)))

    def test_a_node_that_moved_leaves(self) -> None:
        self.assertEqual(self.run_step(remove.leave).changed, ["releases of broker-a-0 removed"])

    def test_a_machine_with_a_new_name_keeps_its_node(self) -> None:
        state.write_host({"names": {"another": "x", self.document["cluster"]: "renamed"}})
        self.assertEqual(self.run_step(remove.leave).changed, [])

    def test_data_stays(self) -> None:
        result = self.run_step(remove.delete)
        self.assertEqual(result.changed, ["releases of broker-a-0 removed"])
        self.assertEqual(result.facts["data"], self.path("data/broker-a-0"))
        self.assertEqual(self.left("data/broker-a-0"), ["logs", "store"])
        self.assertEqual(self.left("opt/nodes"), ["broker-b-0"])
        self.assertEqual(os.listdir(state.path("nodes")), [])

    def test_purged_and_nothing_of_others(self) -> None:
        result = self.run_step(remove.purge)
        self.assertEqual(
            result.changed,
            ["data and logs of broker-a-0 removed", "releases of broker-a-0 removed"],
        )
        self.assertEqual(result.warnings, [])
        self.assertNotIn("data", result.facts)
        self.assertEqual(self.left("data"), ["broker-b-0"])
        self.assertEqual(self.left("data/broker-b-0/store/commitlog"), ["0" * 20])

    def test_twice_is_nothing(self) -> None:
        self.run_step(remove.purge)
        self.assertEqual(self.run_step(remove.purge).changed, [])

    def test_data_of_a_node_that_is_not_known_here_stays(self) -> None:
        os.unlink(state.path("nodes", "broker-a-0.json"))
        result = self.run_step(remove.purge)
        self.assertEqual(result.facts["data"], self.path("data/broker-a-0"))

    def test_a_node_of_another_cluster_is_refused(self) -> None:
        self.remember(cluster="other")
        for step in (remove.delete, remove.purge):
            with self.subTest(step=step), self.assertRaises(StepError) as caught:
                self.run_step(step)
            self.assertEqual(caught.exception.code, ExitCode.REFUSED)
        self.assertEqual(self.left("data/broker-a-0"), ["logs", "store"])

    def test_a_commit_log_on_disks_of_its_own(self) -> None:
        self.conf["storePathCommitLog"] = f"{self.path('disk1')},{self.path('disk2')}"
        self.write("disk1/00000000000000000000", "x")
        self.write("disk1/00000000001073741824", "x")
        self.write("disk2/00000000002147483648", "x")
        self.write("disk2/somebody-else's", "x")
        result = self.run_step(remove.purge)
        self.assertFalse(os.path.exists(self.path("disk1")))
        self.assertEqual(self.left("disk2"), ["somebody-else's"])
        self.assertEqual(len(result.warnings), 1)
        self.assertIn("disk2", result.warnings[0])

    def test_a_store_elsewhere_goes_as_a_whole_if_it_is_ours(self) -> None:
        root = self.path("disk")
        self.conf["storePathRootDir"] = root
        for key, name in (("CommitLog", "commitlog"), ("ConsumeQueue", "consumequeue")):
            self.conf[f"storePath{key}"] = os.path.join(root, name)
        own = {key: self.conf[key] for key in ("brokerClusterName", "brokerName")}
        self.write("disk/consumequeue/ORDERS/0/00000000000000000000", "x")
        result = self.run_step(remove.purge)
        self.assertEqual(self.left("disk"), ["consumequeue"])
        self.assertEqual(len(result.warnings), 2)

        self.remember(cluster="demo")
        write_json(os.path.join(root, identity.MARK), {**own, "brokerId": 0})
        result = self.run_step(remove.purge)
        self.assertFalse(os.path.exists(root))
        self.assertEqual(result.warnings, [])

    def test_links_are_not_followed(self) -> None:
        self.write("elsewhere/file", "x")
        os.symlink(self.path("elsewhere"), self.path("data/broker-a-0/logs/link"))
        self.run_step(remove.purge)
        self.assertEqual(self.left("elsewhere"), ["file"])
