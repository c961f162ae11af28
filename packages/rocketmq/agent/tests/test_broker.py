"""What is particular to the steps of a broker."""

import copy
import os
import unittest
from typing import Any, Dict, List, Tuple
from unittest import mock

from fake_rocketmq import FakeServer, Reply
from rocketmq_agent import state
from rocketmq_agent.check import broker as check
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import broker, closing, drift, newcomer, registration, release, terms
from rocketmq_agent.node.node import Node
from rocketmq_agent.node.reach import Reach
from rocketmq_agent.node.release import Release
from rocketmq_agent.node.role import BROKER
from rocketmq_agent.remoting import codes
from rocketmq_agent.remoting.errors import RemotingError
from rocketmq_agent.remoting.properties import from_properties, to_properties
from rocketmq_agent.result import Result
from rocketmq_agent.system import systemd
from support import InFolder, document


class Elsewhere(unittest.TestCase):
    """A first start where the name servers know the broker already."""

    def refused(self, known: object, answers: bool) -> bool:
        info = mock.Mock(side_effect=[known, known])
        with mock.patch.object(broker, "cluster_info", info), mock.patch.object(
            broker.gate, "port_answers", lambda _: answers
        ):
            try:
                broker._not_elsewhere(document("broker-a-0-config"))
            except StepError as error:
                self.assertEqual(error.code, ExitCode.REFUSED)
                self.assertIn("192.0.2.99:10911", error.message)
                return True
        return False

    def test_runs_on_another_machine(self) -> None:
        other = mock.Mock(brokers={"broker-a": {0: "192.0.2.99:10911"}})
        self.assertTrue(self.refused(other, answers=True))
        # A machine that is gone for good: what it had is lost already.
        self.assertFalse(self.refused(other, answers=False))

    def test_known_here_or_not_at_all(self) -> None:
        for brokers in ({}, {"broker-a": {1: "192.0.2.99:10911"}}, {"broker-a": {0: OWN}}):
            self.assertFalse(self.refused(mock.Mock(brokers=brokers), answers=True))

    def test_a_name_server_that_is_away_is_the_gates_affair(self) -> None:
        self.assertFalse(self.refused(RemotingError("refused"), answers=True))


class EmptyMaster(InFolder):
    """The machine of a master was replaced: its slave has what it had."""

    def refused(self, slave_has: str, name: str = "broker-a-0") -> bool:
        asked = document(f"{name}-config")
        asked["identity"]["storePathRootDir"] = self.folder
        asked["release"]["conf"]["storePathCommitLog"] = os.path.join(self.folder, "commitlog")
        slaves = {1: "192.0.2.99:10911"}
        runtime = {"commitLogMaxOffset": slave_has}
        with mock.patch.object(broker.members, "slaves", lambda _: slaves), mock.patch.object(
            broker, "broker_runtime", lambda _: runtime
        ):
            try:
                broker._not_before_its_slaves(asked)
            except StepError as error:
                self.assertEqual(error.code, ExitCode.REFUSED)
                self.assertIn("its slave 192.0.2.99:10911", error.message)
                return True
        return False

    def test_does_not_start_where_its_slave_has_messages(self) -> None:
        self.assertTrue(self.refused("4096"))
        # What a start that failed has left.
        os.makedirs(os.path.join(self.folder, "commitlog"))
        self.assertTrue(self.refused("4096"))

    def test_starts_in_a_cluster_that_is_made(self) -> None:
        self.assertFalse(self.refused("0"))

    def test_starts_with_its_own_store_or_a_copy(self) -> None:
        os.makedirs(os.path.join(self.folder, "commitlog"))
        with open(os.path.join(self.folder, "commitlog", "0" * 20), "w"):
            pass
        self.assertFalse(self.refused("4096"))

    def test_a_slave_gets_its_store_from_its_master(self) -> None:
        self.assertFalse(self.refused("4096", "broker-a-1"))


class Claim(InFolder):
    """What a broker finds at its first start."""

    def test_folders_where_it_keeps_folders_and_none_where_files(self) -> None:
        asked = document("broker-a-0-config")
        asked["identity"]["storePathRootDir"] = self.path("store")
        conf = {
            "storePathRootDir": self.path("store"),
            "storePathCommitLog": f"{self.path('d1', 'log')},{self.path('d2', 'log')}",
            "storePathEpochFile": self.path("epochs", "epochFileCheckpoint"),
        }
        account = mock.Mock(pw_uid=os.getuid(), pw_gid=os.getgid())
        node = mock.Mock(account=lambda: account, record={})
        broker.identity.claim(node, asked["identity"], conf)
        for folder in ("store", "d1/log", "d2/log", "epochs"):
            self.assertTrue(os.path.isdir(self.path(folder)), folder)
        self.assertFalse(os.path.exists(self.path("epochs", "epochFileCheckpoint")))


class Refused(InFolder):
    """A change of which one part is refused."""

    def test_nothing_of_it_reaches_the_broker(self) -> None:
        asked = document("broker-a-0-config")
        refusal = StepError(ExitCode.REFUSED, "topic T: 5 messages", "")
        with mock.patch.object(broker, "_server", mock.MagicMock()), mock.patch.object(
            broker.take, "candidate", lambda *_: None
        ), mock.patch.object(broker.identity, "check"), mock.patch.object(
            broker.release, "resolve"
        ), mock.patch.object(broker, "Reach"), mock.patch.object(
            broker.declared, "check", side_effect=refusal
        ) as check_declared, mock.patch.object(
            broker.steps, "start_or_stage"
        ) as stage, mock.patch.object(broker.hot, "apply") as apply, self.assertRaises(StepError):
            broker.configure(asked, mock.Mock())
        check_declared.assert_called_once()
        stage.assert_not_called()
        apply.assert_not_called()


class Running(InFolder):
    """The config step of a broker that runs, and what then is restarted."""

    def setUp(self) -> None:
        super().setUp()
        self.broker = FakeServer()
        self.addCleanup(self.broker.close)
        self.asked = document("broker-a-0-config")
        self.asked["paths"] = {"deploy": self.path("opt"), "data": self.path("data")}
        self.port = self.broker.address.rpartition(":")[2]
        self.change(self.asked, self.port)
        # A key that it does not take.
        self.deaf = ""
        self.config = {"brokerPermission": "6", **self.asked["release"]["conf"]}
        self.broker.handlers[codes.GET_BROKER_CONFIG] = lambda *_: Reply(to_properties(self.config))
        self.broker.handlers[codes.UPDATE_BROKER_CONFIG] = self.update
        account = mock.Mock(pw_uid=os.getuid(), pw_gid=os.getgid())
        for target, name, replacement in (
            (systemd, "check_ours", lambda _: None),
            (systemd, "state", lambda _: mock.Mock(running=True)),
            (Node, "account", lambda _: account),
            (release, "render_unit", lambda *_: ""),
            (release, "resolve", lambda _, asked, hot: Release(asked, hot, self.RESOLVED)),
            (broker.identity, "check", lambda *_: None),
            (broker.identity, "claim", lambda *_: None),
            (broker.declared, "check", lambda *_: None),
            # No name server is there.
            (broker, "_shown_closed", lambda _: False),
        ):
            patch = mock.patch.object(target, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.node = Node(self.asked, self.asked["release"]["unit"]["name"])
        self.node.make_folders()
        found = Release(self.asked["release"], self.asked["hot"], self.RESOLVED)
        number = release.write(self.node, BROKER, found)
        release.point_current(self.node, number)
        self.node.record["good"] = number
        self.node.save()

    RESOLVED: Dict[str, Any] = {
        "javaHome": "/j",
        "javaMajor": 17,
        "heapMb": 256,
        "user": "rocketmq",
    }

    def update(self, _: Dict[str, str], body: bytes) -> Reply:
        changes = from_properties(body)
        changes.pop(self.deaf, None)
        self.config.update(changes)
        return Reply()

    @staticmethod
    def change(asked: Dict[str, Any], port: str, **conf: str) -> None:
        """Have it want another port, and further keys."""
        asked["address"] = f"192.0.2.13:{port}"
        asked["release"]["conf"].update(listenPort=port, **conf)

    def current(self) -> Release:
        found = release.current(self.node)
        assert found is not None
        return found


class Moving(Running):
    """Its port or bind address changes: until its restart it is reached where it was."""

    def test_the_config_step_asks_it_where_it_listens(self) -> None:
        for more in ({}, {"bindAddress": "192.0.2.13"}):
            asked = copy.deepcopy(self.asked)
            self.change(asked, "1", fileReservedTime="72", **more)
            with mock.patch.object(broker.declared, "apply") as apply:
                broker.configure(asked, mock.Mock())
            self.assertEqual(apply.call_args[0][2], self.broker.address)
            self.assertEqual(self.config["fileReservedTime"], "72")
            staged = release.staged(self.node)
            self.assertEqual(staged and staged.values["listenPort"], "1")

    def test_the_gate_asks_for_it_where_its_release_says(self) -> None:
        asked = copy.deepcopy(self.asked)
        self.change(asked, "1", bindAddress="127.0.0.2")
        wanted = Release(asked["release"], (), self.RESOLVED)
        known = mock.Mock(return_value=True)
        with mock.patch.object(registration, "registered", known):
            server = broker._server(asked, rollout=False)
            self.assertEqual(server.check(), "")
            self.assertEqual(known.call_args[0][3], f"192.0.2.13:{self.port}")
            good = str(self.current().number)
            release.point_current(self.node, release.write(self.node, BROKER, wanted))
            self.assertEqual(server.check(), "nothing answers on 127.0.0.2:1")
            # It goes back.
            release.point_current(self.node, good)
            self.assertEqual(server.check(), "")
            self.assertEqual(server.live()["listenPort"], self.port)
        self.assertEqual(known.call_args[0][3], f"192.0.2.13:{self.port}")

    def test_a_broker_that_was_never_started_is_where_the_program_says(self) -> None:
        os.unlink(os.path.join(self.node.folder, "current"))
        reach = Reach(self.node, self.asked)
        self.change(self.asked, "1", bindAddress="127.0.0.2")
        self.assertEqual((reach.local(), reach.announced()), ("127.0.0.2:1", "192.0.2.13:1"))


class NameServers(Running):
    """Its list of name servers changes: it learns that by itself, some time later."""

    def setUp(self) -> None:
        super().setUp()
        self.asked["hot"].append("namesrvAddr")
        self.more = copy.deepcopy(self.asked)
        self.more["namesrv"].append("192.0.2.14:9876")
        self.more["release"]["conf"]["namesrvAddr"] += ";192.0.2.14:9876"
        # The name servers that were asked for it.
        self.known_at: List[str] = []
        self.gets_known = True

        def registered(namesrv: str, *_: Any) -> bool:
            self.known_at.append(namesrv)
            return self.gets_known

        for target, name, replacement in (
            (registration, "registered", registered),
            (broker.name_servers, "_LEARN_SECONDS", 0.1),
            (broker.declared, "apply", lambda *_: None),
            (systemd, "state", lambda _: mock.Mock(running=True, failed=False, pid=os.getpid())),
        ):
            patch = mock.patch.object(target, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        broker.configure(self.asked, mock.Mock())

    def kept(self) -> Any:
        """What the next rollout goes by."""
        return terms.complete(Node(self.asked, "mqbroker@broker-a-0"), rollout_of(self.asked))

    def test_a_new_one_is_waited_for(self) -> None:
        broker.configure(self.more, mock.Mock())
        self.assertEqual(self.known_at, ["192.0.2.14:9876"])
        self.assertEqual(self.config["namesrvAddr"].count(";"), 2)
        self.assertEqual(self.kept()["namesrv"], self.more["namesrv"])

    def test_one_that_does_not_get_to_know_it_is_taken_back(self) -> None:
        self.gets_known = False
        with mock.patch.object(broker.declared, "apply") as apply, self.assertRaises(StepError):
            broker.configure(self.more, mock.Mock())
        # Who takes the change back has nothing to run.
        apply.assert_not_called()
        wanted = self.asked["release"]["conf"]["namesrvAddr"]
        self.assertEqual(self.config["namesrvAddr"], wanted)
        self.assertEqual(self.current().values["namesrvAddr"], wanted)
        self.assertEqual(self.kept()["namesrv"], self.asked["namesrv"])
        self.assertFalse(os.path.exists(state.path("learning", "broker-a-0.json")))

    def test_a_wait_that_was_cut_off_goes_on(self) -> None:
        with mock.patch.object(
            broker.name_servers, "wait", side_effect=KeyboardInterrupt
        ), mock.patch.object(
            broker.contextlib.ExitStack, "__exit__", lambda *_: False
        ), self.assertRaises(KeyboardInterrupt):
            broker.configure(self.more, mock.Mock())
        self.assertEqual(self.known_at, [])
        broker.configure(self.more, mock.Mock())
        self.assertEqual(self.known_at, ["192.0.2.14:9876"])

    def test_nothing_is_waited_for_where_none_changes(self) -> None:
        broker.configure(self.asked, mock.Mock())
        self.assertEqual(self.known_at, [])


def rollout_of(asked: Dict[str, Any]) -> Dict[str, Any]:
    """The document of the rollout step that comes after this config step."""
    found = copy.deepcopy(asked)
    for key in ("namesrv", "drain"):
        found.pop(key, None)
    found["release"]["unit"].pop("stopTimeout")
    found["release"]["java"].pop("install")
    return found


class Terms(Running):
    """What a restart goes by comes from the config step."""

    def test_of_the_last_one_that_went_well(self) -> None:
        asked = copy.deepcopy(self.asked)
        asked["drain"] = {"seconds": 7}
        asked["release"]["unit"]["stopTimeout"] = 77
        with mock.patch.object(broker.declared, "apply"), mock.patch.object(systemd, "reload"):
            broker.configure(asked, mock.Mock())
        found = terms.complete(Node(self.asked, self.node.own_unit), rollout_of(self.asked))
        self.assertEqual(found["drain"], {"seconds": 7})
        self.assertEqual(found["release"], asked["release"])
        asked["drain"] = {"seconds": 8}
        refusal = StepError(ExitCode.REFUSED, "no", "")
        with mock.patch.object(broker.declared, "apply", side_effect=refusal), self.assertRaises(
            StepError
        ):
            broker.configure(asked, mock.Mock())
        found = terms.complete(Node(self.asked, self.node.own_unit), rollout_of(self.asked))
        self.assertEqual(found["drain"], {"seconds": 7})

    def test_where_an_agent_before_this_one_noted_none(self) -> None:
        # A library upgrade runs the rollout, as its document is another one, and no config step.
        found = terms.complete(self.node, rollout_of(self.asked))
        self.assertEqual(found["namesrv"], self.asked["namesrv"])
        self.assertEqual(found["release"], self.asked["release"])
        self.assertNotIn("drain", found)

    def test_a_rollout_before_its_config_step_is_refused(self) -> None:
        os.unlink(os.path.join(self.node.folder, "current"))
        with self.assertRaisesRegex(StepError, "was never started"):
            broker.rollout(rollout_of(self.asked), mock.Mock())


class Failing(Running):
    """A part of the config step fails after hot keys were applied."""

    def gives_up(self, asked: Dict[str, Any], first: Any = None) -> None:
        """Its topics give up; `first` is done before that."""

        def give_up(*_: Any) -> None:
            self.assertEqual(self.config["fileReservedTime"], "72")
            if first is not None:
                first()
            raise StepError(ExitCode.REFUSED, "topic T cannot have fewer queues yet", "Wait.")

        with mock.patch.object(broker.declared, "apply", give_up), self.assertRaisesRegex(
            StepError, "fewer queues yet"
        ):
            broker.configure(asked, mock.Mock())

    def asking(self) -> Dict[str, Any]:
        asked = copy.deepcopy(self.asked)
        asked["release"]["conf"]["fileReservedTime"] = "72"
        return asked

    def as_before(self) -> None:
        running = self.current()
        self.assertEqual(running.values, self.asked["release"]["conf"])
        self.assertEqual(running.hot, self.asked["hot"])
        with open(drift.conf_path(self.node, BROKER, running), encoding="utf-8") as file:
            self.assertIn("fileReservedTime=168\n", file.read())

    def test_hot_keys_are_put_back(self) -> None:
        self.gives_up(self.asking())
        self.assertEqual(self.config["fileReservedTime"], "168")
        self.as_before()

    def test_one_that_had_no_value_gets_what_the_broker_had(self) -> None:
        asked = self.asking()
        asked["release"]["conf"]["maxMessageSize"] = "100"
        asked["hot"].append("maxMessageSize")
        self.config["maxMessageSize"] = "4194304"
        self.gives_up(asked)
        self.assertEqual(self.config["maxMessageSize"], "4194304")
        self.as_before()

    def test_a_broker_that_is_gone_starts_as_before(self) -> None:
        def die() -> None:
            # Its file is what it wrote when it was told.
            release.write_conf(
                self.node,
                BROKER,
                Release(self.asking()["release"], (), self.RESOLVED),
                os.path.join(self.node.releases, str(self.current().number)),
            )
            self.broker.close()

        self.gives_up(self.asking(), die)
        self.assertEqual(self.config["fileReservedTime"], "72")
        self.as_before()

    def test_one_key_of_two_that_does_not_take(self) -> None:
        asked = self.asking()
        asked["release"]["conf"]["deleteWhen"] = "03"
        self.deaf = "deleteWhen"
        with self.assertRaisesRegex(StepError, "deleteWhen .asked 03, is 04"):
            broker.configure(asked, mock.Mock())
        self.assertEqual(self.config["fileReservedTime"], "168")
        self.as_before()

    def test_nor_is_a_stopped_one_to_start_with_them(self) -> None:
        asked = self.asking()
        self.node.record["declared"] = {"topics": {}, "subscriptionGroups": {}}
        self.node.save()
        with mock.patch.object(
            systemd, "state", lambda _: mock.Mock(running=False)
        ), self.assertRaisesRegex(StepError, "does not run"):
            broker.configure(asked, mock.Mock())
        self.as_before()


class Starting(unittest.TestCase):
    """A process that was started a moment ago does not answer yet."""

    def waited(self, answers: List[bool], running: bool = True) -> int:
        """How often it was asked."""
        ports = mock.Mock(side_effect=answers)
        with mock.patch.object(broker.gate, "port_answers", ports), mock.patch.object(
            broker.systemd, "state", lambda _: mock.Mock(running=running)
        ), mock.patch.object(broker, "_POLL_SECONDS", 0.01), mock.patch.object(
            broker, "_STARTING_SECONDS", 0.05
        ):
            broker._let_start(mock.Mock(was_ready=True), mock.Mock())
        return ports.call_count

    def test_is_waited_for(self) -> None:
        self.assertEqual(self.waited([False, False, True]), 3)

    def test_one_that_is_stopped_is_not(self) -> None:
        self.assertEqual(self.waited([], running=False), 0)

    def test_not_for_ever(self) -> None:
        self.assertLess(self.waited([False] * 99), 20)


class TakenOut(unittest.TestCase):
    """Whether the config step closes the group, or has it opened again."""

    def asked(self, record: Dict[str, Any], **more: Any) -> Tuple[bool, List[str]]:
        node = mock.Mock(record=record)
        node.name = "broker-a-0"
        done: List[str] = []
        with mock.patch.object(
            broker, "_write_conf", lambda *_: done.append("file")
        ), mock.patch.object(broker.decommission, "forget", lambda _: done.append("forgotten")):
            closed = broker._note_closed(node, {**document("broker-a-0-config"), **more})
        return closed, done

    def test_not(self) -> None:
        self.assertEqual(self.asked({}), (False, []))

    def test_now(self) -> None:
        self.assertEqual(self.asked({}, decommission={"seconds": 30}), (True, []))

    def test_not_any_more(self) -> None:
        record: Dict[str, Any] = {"closedSince": 1.0}
        self.assertEqual(self.asked(record), (False, ["forgotten", "file"]))
        self.assertEqual(record, {})


class Permissions(unittest.TestCase):
    """What of a broker's permission is drift."""

    def found(self, value: str, is_new: bool = False, **more: Any) -> List[str]:
        asked = {**document("broker-a-0-config"), **more}
        values = check.Values({"brokerPermission": value}, [])
        self.differences = check._permission(asked, values, is_new)
        return [one.expected for one in self.differences]

    def test_open_and_closed(self) -> None:
        self.assertEqual(self.found("6"), [])
        self.assertEqual(self.found("4"), ["6 (open for writes)"])

    def test_of_a_group_that_is_taken_out(self) -> None:
        self.assertEqual(self.found("4", decommission={"seconds": 30}), [])
        self.assertEqual(
            self.found("6", decommission={"seconds": 30}),
            ["4 (closed for writes: decommissioned)"],
        )

    def test_of_a_new_master_whose_rollout_is_still_to_come(self) -> None:
        self.assertEqual(self.found("6", is_new=True), [])
        self.found("4", is_new=True)
        self.assertEqual(self.differences[0].found, "4 by an update that was cut off")


class NewMaster(InFolder):
    """One that waits for slaves is closed from its first start until its rollout step."""

    def setUp(self) -> None:
        super().setUp()
        self.asked = document("broker-a-0-config")
        self.asked["release"]["conf"].update(brokerRole="SYNC_MASTER", inSyncReplicas="2")
        self.done: List[str] = []
        for target, name, replacement in (
            (Node, "_check_owner", lambda _: None),
            (broker.identity, "check", lambda *_: None),
            (broker.release, "resolve", lambda *_: None),
            (broker, "set_open", lambda _, is_open: self.done.append(f"open {is_open}") or True),
            (broker, "_write_conf", lambda *_: self.done.append("file")),
        ):
            patch = mock.patch.object(target, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)

    def node(self) -> Node:
        return Node(self.asked, "mqbroker@x")

    def rollout(self) -> List[str]:
        terms.note(self.node(), self.asked)
        self.done.clear()
        with mock.patch.object(broker.steps, "roll"):
            return broker.rollout({**self.asked, "replica": False}, mock.Mock()).changed

    def test_which_ones(self) -> None:
        conf = self.asked["release"]["conf"]
        self.assertTrue(broker._is_to_wait(self.asked))
        self.assertFalse(broker._is_to_wait({**self.asked, "identity": {"brokerId": 1}}))
        conf["brokerRole"] = "ASYNC_MASTER"
        self.assertFalse(broker._is_to_wait(self.asked))

    def test_noted_before_the_first_start_and_no_more_where_it_does_not_wait(self) -> None:
        newcomer.note(self.node(), True)
        self.assertTrue(newcomer.is_new(self.node().record))
        # The program was changed after a start that failed.
        newcomer.note(self.node(), False)
        self.assertFalse(newcomer.is_new(self.node().record))

    def test_opened_by_its_rollout_step_alone(self) -> None:
        newcomer.note(self.node(), True)
        # A config step of an update after one that was cut off.
        broker._reopen(self.node(), self.asked, Result())
        self.assertEqual(self.done, [])
        self.assertEqual(self.rollout(), ["broker-a-0 opened for writes"])
        self.assertEqual(self.done, ["open True", "file"])
        self.assertFalse(newcomer.is_new(self.node().record))

    def test_stays_closed_when_its_slaves_do_not_come(self) -> None:
        newcomer.note(self.node(), True)
        failed = StepError(ExitCode.GATE_FAILED, "0 of 1 slaves", "")
        roll = mock.patch.object(broker.steps, "roll", side_effect=failed)
        with roll, self.assertRaises(StepError):
            broker.rollout({**self.asked, "replica": False}, mock.Mock())
        self.assertEqual(self.done, [])
        # The next update opens it: only the rollout step runs again.
        self.rollout()
        self.assertEqual(self.done, ["open True", "file"])

    def test_stays_closed_where_it_is_taken_out(self) -> None:
        newcomer.note(self.node(), True)
        closing.note(self.node(), True)
        self.assertEqual(self.rollout(), [])
        self.assertFalse(newcomer.is_new(self.node().record))


class ShownClosed(unittest.TestCase):
    """A broker that is open, and that a name server shows as closed."""

    def reopened(self, name: str, *shown: Any) -> Tuple[List[str], List[str]]:
        answers = list(shown)
        done: List[str] = []

        def writable(namesrv: str, cluster: str) -> Dict[str, bool]:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return {"broker-a": answer}

        result = Result()
        node = mock.Mock(record={}, folder="/none")
        node.name = name
        with mock.patch.object(broker, "set_open", lambda *_: False), mock.patch.object(
            broker, "open_anew", lambda _: done.append("anew")
        ), mock.patch.object(
            broker, "_write_conf", lambda *_: done.append("file")
        ), mock.patch.object(broker, "writable", writable):
            broker._reopen(node, document(f"{name}-config"), result)
        return done, result.changed

    def test_registers_anew(self) -> None:
        self.assertEqual(
            self.reopened("broker-a-0", True, False, True, True),
            (["anew", "file"], ["broker-a-0 opened for writes"]),
        )

    def test_shown_open_or_not_at_all(self) -> None:
        self.assertEqual(self.reopened("broker-a-0", True, None), ([], []))
        self.assertEqual(self.reopened("broker-a-0", RemotingError("away"), True), ([], []))

    def test_its_slave_has_no_part_in_it(self) -> None:
        self.assertEqual(self.reopened("broker-a-1"), ([], []))

    def test_nothing_is_told_where_it_always_looks_closed(self) -> None:
        self.assertEqual(self.reopened("broker-a-0", False, False), (["anew", "file"], []))


class Ready(unittest.TestCase):
    """What a broker is waited for with."""

    def missing(self, name: str, rollout: bool) -> str:
        asked = {**document(f"{name}-config"), "replica": name != "broker-a-0"}
        slow = mock.Mock(
            missing=lambda: "", missing_at_first=lambda: "slaves", behind=lambda: "behind"
        )
        address = mock.Mock(local=lambda: "127.0.0.1:10911")
        with mock.patch.object(broker, "Node"), mock.patch.object(
            broker, "Reach", lambda *_: address
        ), mock.patch.object(
            broker, "Registration", lambda *_: mock.Mock(missing=lambda: "")
        ), mock.patch.object(broker, "Drain", lambda *_: slow), mock.patch.object(
            broker, "Replica", lambda *_: slow
        ), mock.patch.object(broker.gate, "port_answers", lambda _: True):
            return broker._server(asked, rollout).check()

    def test_peers_are_waited_for_by_rollout_steps_alone(self) -> None:
        self.assertEqual(self.missing("broker-a-0", rollout=False), "")
        self.assertEqual(self.missing("broker-a-0", rollout=True), "slaves")
        self.assertEqual(self.missing("broker-a-1", rollout=False), "")
        self.assertEqual(self.missing("broker-a-1", rollout=True), "behind")


OWN = document("broker-a-0-config")["address"]
