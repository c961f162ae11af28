"""A change that is taken back after the rollout that brought it was cut off from Pulumi."""

import io
import json
import os
import stat
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent import front, state, told
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import lifecycle, node, release, repair, steps
from rocketmq_agent.node.lifecycle import Server
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.release import Release
from rocketmq_agent.node.role import BROKER
from rocketmq_agent.result import Result
from support import InFolder, document

RESOLVED: Dict[str, Any] = {"javaHome": "/java", "javaMajor": 17, "heapMb": 256, "user": "u"}


def changed(asked: Dict[str, Any], **conf: str) -> Dict[str, Any]:
    given = asked["release"]
    return {**asked, "release": {**given, "conf": {**given["conf"], **conf}}}


class TakenBack(InFolder):
    """A broker that was left with another flushDiskType than it is to have."""

    def setUp(self) -> None:
        super().setUp()
        account = mock.Mock(pw_uid=os.getuid(), pw_gid=os.getgid())
        self.replace(Node, "account", lambda _: account)
        self.replace(release, "render_unit", lambda *_: "")
        self.in_place = mock.Mock()
        self.replace(repair, "in_place", self.in_place)
        paths = {"paths": {"deploy": self.path("opt"), "data": self.path("data")}}
        self.config = {**document("broker-a-0-config"), **paths}
        self.rollout = {**document("broker-a-0-rollout"), **paths}
        self.node = Node(self.config, "mqbroker@broker-a-0")
        self.node.make_folders()
        self.node.record["good"] = "1"
        self.running = self.run_with(changed(self.config, flushDiskType="SYNC_FLUSH"))

    def replace(self, module: Any, name: str, value: Any) -> None:
        patch = mock.patch.object(module, name, value)
        patch.start()
        self.addCleanup(patch.stop)

    def run_with(self, asked: Dict[str, Any], **resolved: Any) -> str:
        one = Release(asked["release"], asked.get("hot", ()), {**RESOLVED, **resolved})
        number = release.write(self.node, BROKER, one)
        release.point_current(self.node, number)
        return number

    def step(self, asked: Dict[str, Any]) -> List[str]:
        """What the config step did."""
        server = Server(self.node, lambda: "", [], None, reconcile="reconcile" in asked)
        desired = Release(asked["release"], asked.get("hot", ()), RESOLVED)
        result = Result()
        started = steps.start_or_stage(asked, server, BROKER, desired, result)
        self.assertFalse(started)
        return result.changed

    def refused(self, asked: Dict[str, Any]) -> None:
        with self.assertRaises(StepError) as caught:
            self.step(asked)
        error = caught.exception
        self.assertEqual(error.code, ExitCode.REFUSED)
        self.assertIn("left it with flushDiskType ASYNC_FLUSH -> SYNC_FLUSH, and", error.message)
        self.assertIn("reconcile", error.remedy)
        self.assertIsNone(release.staged(self.node))

    def stages(self, asked: Dict[str, Any]) -> None:
        (text,) = self.step(asked)
        self.assertIn("staged for the rolling restart: ", text)

    def test_refused(self) -> None:
        told.note(self.rollout)
        self.refused(self.config)

    def test_refused_with_the_value_of_reconcile_that_it_had(self) -> None:
        told.note({**self.rollout, "reconcile": "1"})
        self.refused({**self.config, "reconcile": "1"})
        self.in_place.assert_not_called()

    def test_refused_where_other_topics_and_hot_keys_are_wanted_too(self) -> None:
        told.note(self.rollout)
        self.refused({**changed(self.config, fileReservedTime="9"), "topics": {}})

    def test_a_new_reconcile_takes_it_back(self) -> None:
        told.note({**self.rollout, "reconcile": "1"})
        for asked in ({**self.config, "reconcile": "2"}, self.config):
            release.unstage(self.node)
            self.stages(asked)

    def test_staged_where_pulumi_knows(self) -> None:
        told.note(changed(self.rollout, flushDiskType="SYNC_FLUSH"))
        self.stages(self.config)

    def test_staged_where_the_rollout_has_another_change(self) -> None:
        told.note(self.rollout)
        unit = {**self.config["release"]["unit"], "stopTimeout": 600}
        self.replace(steps.stop_time, "apply", mock.Mock())
        self.stages({**self.config, "release": {**self.config["release"], "unit": unit}})

    def test_staged_where_nothing_is_known(self) -> None:
        self.stages(self.config)
        path = state.path("told", "broker-a-0.json")
        os.mkdir(os.path.dirname(path))
        for text in ("", "{", "[]", "{}", '{"release": 1}'):
            release.unstage(self.node)
            self.write("state/told/broker-a-0.json", text)
            self.stages(self.config)
        os.unlink(path)
        os.mkdir(path)
        release.unstage(self.node)
        self.stages(self.config)

    def test_what_came_of_the_host_is_no_cut_off_update(self) -> None:
        told.note(self.rollout)
        self.run_with(self.config, javaHome="/gone")
        self.stages(changed(self.config, fileReservedTime="9"))

    def test_nothing_to_take_back(self) -> None:
        told.note(self.rollout)
        self.run_with(self.config)
        self.assertEqual(self.step(changed(self.config, fileReservedTime="9")), [])

    def test_a_release_that_never_was_ready(self) -> None:
        """The machine was switched off between the link and the start."""
        told.note(self.rollout)
        self.run_with(self.config)
        self.node.record["good"] = "2"
        self.run_with(changed(self.config, flushDiskType="SYNC_FLUSH"))
        with mock.patch.object(lifecycle.systemd, "state", side_effect=AssertionError):
            self.refused(self.config)

    def test_a_node_that_is_removed(self) -> None:
        told.note(self.rollout)
        self.node.save()
        node.forget("broker-a-0")
        self.assertIsNone(told.known("broker-a-0"))
        node.forget("broker-a-0")


class Documents(InFolder):
    def test_the_rollout_that_follows_a_config_step_is_recognised(self) -> None:
        for name in ("broker-a-0", "broker-a-1", "namesrv-0", "namesrv-1"):
            config = document(f"{name}-config")
            self.assertFalse(steps._is_told(config))
            told.note(document(f"{name}-rollout"))
            self.assertTrue(steps._is_told(config), name)
            self.assertTrue(steps._is_told({**config, "adopt": True}), name)
            self.assertFalse(steps._is_told(changed(config, listenPort="1")), name)
            self.assertFalse(steps._is_told({**config, "address": "192.0.2.1:1"}), name)


class Told(InFolder):
    """When the front notes it."""

    def front(self, verb: str, outcome: Dict[str, Any], stdout: Any = None) -> None:
        asked = document("broker-a-0-rollout" if "rollout" in verb else "broker-a-0-config")
        stdin = mock.Mock(buffer=io.BytesIO(json.dumps(asked).encode()))
        streams = mock.Mock(stdin=stdin, stdout=stdout or io.StringIO())
        streams.stderr.buffer = io.BytesIO()
        with mock.patch.object(front, "sys", streams), mock.patch.object(
            front, "_in_worker", return_value=outcome
        ):
            front.front(verb, "agent", "agent", "", None)

    def done(self) -> Dict[str, Any]:
        return {"code": 0, "result": Result().to_document(1.0)}

    def test_a_rollout_that_its_caller_knows_done(self) -> None:
        self.front("broker-rollout", self.done())
        self.assertEqual(told.known("broker-a-0"), document("broker-a-0-rollout"))
        path = state.path("told", "broker-a-0.json")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_no_other_step_and_none_that_failed(self) -> None:
        self.front("broker-config", self.done())
        self.front("broker-rollout", {"code": 72, "message": "not ready"})
        self.assertIsNone(told.known("broker-a-0"))

    def test_not_where_nobody_listens_any_more(self) -> None:
        cut = mock.Mock()
        cut.flush.side_effect = BrokenPipeError
        with self.assertRaises(BrokenPipeError):
            self.front("broker-rollout", self.done(), cut)
        self.assertIsNone(told.known("broker-a-0"))

    def test_a_full_disk_leaves_nothing_known(self) -> None:
        told.note(document("broker-a-0-rollout"))
        with mock.patch.object(told, "write_json", side_effect=OSError("No space left")):
            self.front("broker-rollout", self.done())
        self.assertIsNone(told.known("broker-a-0"))
