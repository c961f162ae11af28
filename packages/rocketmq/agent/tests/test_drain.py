"""Writes are led away from a group before one of its brokers restarts; it never stays closed."""

import contextlib
import time
from typing import Any, Callable, Dict, Iterator, List
from unittest import mock

from fake_rocketmq import FakeServer, Reply
from rocketmq_agent.errors import StepError
from rocketmq_agent.node import drain, lease
from rocketmq_agent.node.drain import Drain
from rocketmq_agent.remoting import codes
from rocketmq_agent.remoting.errors import RemotingError
from rocketmq_agent.remoting.permission import set_open, writable
from rocketmq_agent.result import Result
from rocketmq_agent.system.files import write_json
from rocketmq_agent.system.sockets import established
from support import InFolder, document


class FakeGroup:
    """A broker and a name server that shows what the broker's permission is, and another group."""

    def __init__(self) -> None:
        self.config = {
            "brokerPermission": "6",
            "brokerRole": "ASYNC_MASTER",
            "listenPort": "1",
            "haListenPort": "2",
            "haSendHeartbeatInterval": "0",
        }
        self.others = {"broker-b": 6}
        # Groups of which only slaves are registered.
        self.masterless: List[str] = []
        self.topics: Dict[str, Dict[str, Any]] = {"ORDERS": {"order": False}}
        # What was sent to the broker's permission, in order.
        self.told: List[str] = []
        # Whether the name server alone shows it closed, and what happened to it, in order.
        self.wiped = False
        self.events: List[str] = []
        self.deaf = False
        self.broker = FakeServer()
        self.namesrv = FakeServer()
        self.broker.handlers[26] = lambda ext, body: Reply(self._lines())
        self.broker.handlers[25] = self._update
        self.broker.on(28, {"table": {"msgPutTotalTodayNow": "7"}})
        self.broker.handlers[21] = lambda ext, body: Reply({"topicConfigTable": self.topics})
        self.namesrv.handlers[105] = lambda ext, body: Reply(self._route(ext["topic"]))
        self.namesrv.handlers[205] = lambda ext, body: self._wipe(ext["brokerName"])

    def _wipe(self, group: str) -> Reply:
        assert group == "broker-a"
        self.wiped = True
        self.events.append("wiped")
        return Reply(ext={"wipeTopicCount": "2"})

    def _lines(self) -> bytes:
        return "".join(f"{key}={value}\n" for key, value in self.config.items()).encode()

    def _update(self, ext: Dict[str, str], body: bytes) -> Reply:
        key, _, value = body.decode().strip().partition("=")
        if not self.deaf:
            self.config[key] = value
            # It registers all its topics.
            self.wiped = False
        self.told.append(value)
        self.events.append(f"set to {value}")
        return Reply()

    def _route(self, topic: str) -> Dict[str, Any]:
        own = 4 if self.wiped else int(self.config["brokerPermission"])
        perms = {"broker-a": own, **self.others}
        return {
            "queueDatas": [
                {"brokerName": name, "perm": perm, "readQueueNums": 1, "writeQueueNums": 1}
                for name, perm in perms.items()
            ],
            "brokerDatas": [
                {"brokerName": name, "brokerAddrs": {"1" if name in self.masterless else "0": "x"}}
                for name in perms
            ],
        }

    def close(self) -> None:
        self.broker.close()
        self.namesrv.close()


class WithGroup(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.group = FakeGroup()
        self.addCleanup(self.group.close)
        self.files: List[Dict[str, str]] = []
        self.leases: List[str] = []
        self.said: List[str] = []
        self.running = True
        # Where the broker is reached from its own machine.
        self.at = self.group.broker.address
        # Where a lease would open it.
        self.addresses: List[str] = []
        self.lease = mock.Mock(
            take=lambda: self.leases.append("taken"),
            release=lambda: self.leases.append("released"),
            leave=lambda: self.leases.append("left"),
        )
        state = mock.Mock(side_effect=lambda _: mock.Mock(running=self.running, pid=self.running))
        for target, name, replacement in (
            (drain, "Lease", self._lease),
            (drain.systemd, "state", state),
            (drain, "_QUIET_SECONDS", 0.05),
            (drain, "_OPEN_SECONDS", 0.3),
            (drain, "_TICK_SECONDS", 0.3),
            (drain, "_POLL_SECONDS", 0.01),
            (drain, "_TURN_SECONDS", 0.0),
            (drain.time, "sleep", self._sleep),
            (drain, "say", self.said.append),
        ):
            patch = mock.patch.object(target, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)

    def _sleep(self, seconds: float, wait: Callable[[float], None] = drain.time.sleep) -> None:
        if seconds >= 1:
            self.group.events.append(f"{seconds:.0f} s")
        wait(min(seconds, 0.01))

    def drain(self, name: str = "broker-a-0", seconds: int = 1) -> Drain:
        asked = document(f"{name}-rollout")
        asked["namesrv"] = [self.group.namesrv.address]
        asked["drain"] = {"seconds": seconds}
        # As the broker runs, unless a test says otherwise.
        for key in ("brokerRole", "inSyncReplicas"):
            asked["release"]["conf"].pop(key, None)
        node = mock.Mock(
            folder=self.folder, unit="mqbroker@x", own_unit="mqbroker@x", adopted=None, record={}
        )
        node.name = name
        return Drain(asked, node, lambda: self.at, self._write_conf)

    def _lease(self, node: str, addresses: List[str], *_: Any) -> Any:
        self.addresses = addresses
        return self.lease

    def _write_conf(self, more: Dict[str, str], number: str = "") -> str:
        self.files.append(more)
        return number or "7"

    @contextlib.contextmanager
    def waiting(self, registered: Dict[int, str]) -> Iterator[None]:
        """A group that acknowledges only what its slave has."""
        self.group.config.update(brokerRole="SYNC_MASTER", inSyncReplicas="2")
        known = {"broker-a": registered}
        with mock.patch.object(drain.members, "brokers", lambda _: known):
            yield


class Draining(WithGroup):
    def test_a_master_is_closed_while_it_restarts(self) -> None:
        drained, result = self.drain(), Result()
        with drained.around(result):
            self.assertEqual(self.group.config["brokerPermission"], "4")
            drained.before_start()
            self.assertEqual(self.files[-1], {"brokerPermission": "4"})
            drained.has_started()
            self.assertEqual(self.files[-1], {})
            self.assertEqual(self.leases, ["taken"])
        self.assertEqual(self.group.told, ["4", "6"])
        self.assertEqual(self.leases, ["taken", "released", "left"])
        self.assertEqual(result.warnings, [])

    def test_producers_of_ordered_topics_have_the_time_to_come_back(self) -> None:
        with self.drain().around(Result()):
            pass
        self.assertNotIn("ordered", self.said[-1])
        self.group.topics["CONTRACTS"] = {"order": True}
        with self.drain().around(Result()):
            pass
        self.assertEqual(
            self.said[-1],
            "broker-a-0: waiting 1 s for producers of ordered topics to know it again",
        )
        self.assertEqual(self.leases[-1], "left")

    def test_producers_of_ordered_topics_are_led_away_before_it_closes(self) -> None:
        self.group.topics["CONTRACTS"] = {"order": True}
        with self.drain(seconds=7).around(Result()):
            before = ["wiped", "5 s", "wiped", "2 s", "wiped", "set to 4"]
            self.assertEqual(self.group.events, before)
        self.assertEqual(self.group.events, [*before, "set to 6", "7 s"])
        self.assertEqual(writable(self.group.namesrv.address, "demo")["broker-a"], True)

    def test_a_topic_made_meanwhile_does_not_bring_them_back(self) -> None:
        self.group.topics["CONTRACTS"] = {"order": True}
        sleep = drain.time.sleep

        def register(seconds: float) -> None:
            self.group.wiped = False
            sleep(seconds)

        closing_master = self.drain(seconds=7)
        close = closing_master._close

        def checked(master: str) -> None:
            self.assertTrue(self.group.wiped)
            close(master)

        with mock.patch.object(drain.time, "sleep", register), mock.patch.object(
            closing_master, "_close", checked
        ), closing_master.around(Result()):
            pass

    def test_without_ordered_topics_it_is_closed_at_once(self) -> None:
        with self.drain(seconds=7).around(Result()):
            self.assertEqual(self.group.events, ["set to 4", "7 s"])

    def test_a_master_is_emptied_of_ordered_topics_before_its_slave_restarts(self) -> None:
        self.group.topics["CONTRACTS"] = {"order": True}
        known = {0: self.group.broker.address, 1: "x"}
        with self.waiting(known), self.drain("broker-a-1").around(Result()):
            self.assertEqual(self.group.events, ["wiped", "1 s", "wiped", "set to 4"])

    def test_cut_off_before_it_closed_it_is_shown_open_again(self) -> None:
        self.group.topics["CONTRACTS"] = {"order": True}
        cut = mock.patch.object(drain.ordered, "wait", side_effect=KeyboardInterrupt)
        with cut, self.assertRaises(KeyboardInterrupt), self.drain().around(Result()):
            self.fail("was restarted")
        # It was never closed, only shown so.
        self.assertEqual(self.group.events, ["wiped", "set to 6"])
        self.assertFalse(self.group.wiped)
        self.assertIn("released", self.leases)

    def test_not_restarted_where_a_name_server_does_not_lead_away(self) -> None:
        self.group.topics["CONTRACTS"] = {"order": True}
        del self.group.namesrv.handlers[205]
        refused = self.assertRaisesRegex(StepError, "broker-a-0 was not restarted: broker-a cannot")
        with refused, self.drain().around(Result()):
            self.fail("was restarted")
        self.assertEqual(self.group.told, ["6"])

    def test_a_master_that_did_not_restart_is_known_all_the_time(self) -> None:
        self.group.topics["CONTRACTS"] = {"order": True}
        drained = self.drain("broker-a-1")
        with self.waiting({0: self.group.broker.address, 1: "x"}), drained.around(Result()):
            pass
        self.assertEqual(self.group.told, ["4", "6"])
        self.assertIn("is open for writes", self.said[-1])

    def test_nothing_is_waited_for_where_all_groups_are_closed_at_once(self) -> None:
        drained, result = self.drain(), Result()
        close = drained._close

        def both(master: str) -> None:
            close(master)
            self.group.others = {"broker-b": 4}

        with mock.patch.object(drained, "_close", both), drained.around(result):
            pass
        self.assertIn("no other broker group is open any more", result.warnings[0])
        self.assertFalse(any("for clients to turn" in one for one in self.said))
        self.assertEqual(self.group.told, ["4", "6"])

    def test_opened_again_when_the_restart_fails(self) -> None:
        with self.assertRaisesRegex(ValueError, "did not start"), self.drain().around(Result()):
            raise ValueError("did not start")
        self.assertEqual(self.group.config["brokerPermission"], "6")
        self.assertIn("released", self.leases)

    def test_a_master_that_moves_is_opened_where_it_is_then(self) -> None:
        moved = FakeServer()
        self.addCleanup(moved.close)
        moved.handlers = self.group.broker.handlers
        self.group.topics["CONTRACTS"] = {"order": True}
        drained, old = self.drain(), self.at
        with drained.around(Result()):
            self.assertEqual(self.group.config["brokerPermission"], "4")
            # As document and release differ: by its document it listens on 10911.
            self.assertEqual(self.addresses, [old, "127.0.0.1:10911"])
            self.group.broker.close()
            self.at = moved.address
        told = [body.strip() for _, body in (*self.group.broker.asked(25), *moved.asked(25))]
        self.assertEqual(told, [b"brokerPermission=4", b"brokerPermission=6"])
        self.assertIn("ordered topics", self.said[-1])
        self.assertIn("released", self.leases)

    def test_and_where_it_was_when_it_goes_back(self) -> None:
        drained, old = self.drain(), self.at
        with self.assertRaises(ValueError), drained.around(Result()):
            self.at = "127.0.0.1:1"
            # The last good release is put back, and the step fails.
            self.at = old
            raise ValueError
        self.assertEqual(self.group.told, ["4", "6"])
        self.assertIn("released", self.leases)

    def test_left_to_the_lease_when_it_cannot_be_opened(self) -> None:
        refused = self.assertRaisesRegex(StepError, "not open for writes")
        with refused, self.drain().around(Result()):
            self.group.deaf = True
        self.assertEqual(self.leases, ["taken", "left"])

    def test_a_master_that_is_gone_needs_no_opening(self) -> None:
        with self.assertRaises(ValueError), self.drain().around(Result()):
            self.running = False
            raise ValueError
        self.assertEqual(self.group.told, ["4"])
        self.assertIn("released", self.leases)

    def test_not_without_another_group_to_send_to(self) -> None:
        for others in ({}, {"broker-b": 4}):
            self.group.others, result = others, Result()
            with self.drain().around(result):
                pass
            self.assertEqual(self.group.told, [])
            self.assertIn("without a drain", result.warnings[0])

    def test_not_when_it_does_not_run_or_no_drain_is_wanted(self) -> None:
        with self.drain(seconds=0).around(Result()):
            pass
        self.running = False
        with self.drain().around(Result()):
            pass
        self.assertEqual(self.group.told, [])

    def test_nothing_is_restarted_while_a_name_server_is_away(self) -> None:
        self.group.namesrv.close()
        refused = self.assertRaisesRegex(StepError, "was not restarted")
        with refused, self.drain().around(Result()):
            self.fail("was restarted")

    def test_nor_is_a_slave_that_its_master_does_not_wait_for(self) -> None:
        brokers = {"broker-a": {0: self.group.broker.address, 1: "x"}}
        drained = self.drain("broker-a-1")
        # The other one knows where its master is.
        drained._namesrv.append("127.0.0.1:1")
        refused = self.assertRaisesRegex(StepError, "broker-a-1 was not restarted: .*127.0.0.1:1")
        with mock.patch.object(
            drain.members, "brokers", lambda _: brokers
        ), refused, drained.around(Result()):
            self.fail("was restarted")

    def test_name_servers_are_not_asked_where_no_drain_is_wanted(self) -> None:
        self.group.namesrv.close()
        for name in ("broker-a-0", "broker-a-1"):
            with self.drain(name, seconds=0).around(Result()):
                pass
            self.running = False
            with self.drain(name).around(Result()):
                pass
            self.running = True

    def test_a_broker_that_does_not_answer_is_restarted_at_once(self) -> None:
        self.group.broker.close()
        result = Result()
        with self.drain().around(result):
            pass
        self.assertIn("did not answer", result.warnings[0])
        self.assertEqual(self.leases, [])

    def test_name_servers_to_come_are_not_asked_and_old_ones_need_not_answer(self) -> None:
        # Before 4.9.4 a broker learns of a new name server only by this restart.
        with FakeServer() as newcomer:
            newcomer.on(105, {"queueDatas": [], "brokerDatas": []})
            self.group.config["namesrvAddr"] = f"{self.group.namesrv.address};127.0.0.1:1"
            drained = self.drain()
            drained._namesrv = [self.group.namesrv.address, newcomer.address]
            with drained.around(Result()):
                self.assertEqual(self.group.config["brokerPermission"], "4")
                self.assertEqual(newcomer.requests, [])
                newcomer.handlers[105] = self.group.namesrv.handlers[105]
        self.assertEqual(self.group.config["brokerPermission"], "6")

    def test_not_where_the_other_group_has_no_master(self) -> None:
        self.group.masterless = ["broker-b"]
        result = Result()
        with self.drain().around(result):
            self.assertEqual(self.group.told, [])
        self.assertIn("no other broker group takes messages now", result.warnings[0])

    def test_not_where_no_name_server_knows_it(self) -> None:
        self.group.namesrv.on(105, {"queueDatas": [], "brokerDatas": []})
        result = Result()
        with self.drain().around(result):
            pass
        self.assertEqual(self.group.told, [])
        self.assertIn("without a drain", result.warnings[0])

    def test_a_slave_restarts_at_once_where_its_master_does_not_wait(self) -> None:
        brokers = {"broker-a": {0: self.group.broker.address, 1: "x"}}
        known = mock.patch.object(drain.members, "brokers", lambda _: brokers)
        with known, self.drain("broker-a-1").around(Result()):
            pass
        self.assertEqual(self.group.told, [])

    def test_a_group_that_is_taken_out_stays_closed(self) -> None:
        self.group.config["brokerPermission"] = "4"
        drained = self.drain()
        drained._node.record["closedSince"] = time.time()
        with drained.around(Result()):
            drained.before_start()
            # The file says so by itself (closing.keys).
            self.assertEqual(self.files[-1], {})
            drained.has_started()
            self.assertEqual(drained.missing(), "")
        self.assertEqual((self.group.told, self.leases), ([], []))

    def test_a_slave_leaves_its_master_closed_that_is_taken_out(self) -> None:
        self.group.config["brokerPermission"] = "4"
        drained = self.drain("broker-a-1")
        with self.waiting({0: self.group.broker.address, 1: "x"}), drained.around(Result()):
            pass
        self.assertEqual((self.group.told, self.leases), ([], []))

    def test_the_master_of_a_slave_that_it_waits_for_is_closed(self) -> None:
        drained = self.drain("broker-a-1")
        with self.waiting({0: self.group.broker.address, 1: "x"}), drained.around(Result()):
            self.assertEqual(self.group.config["brokerPermission"], "4")
            drained.before_start()
            with mock.patch.object(drain, "established", lambda remote: 0):
                self.assertIn("does not feed it", drained.missing())
            with mock.patch.object(drain, "established", lambda remote: int(remote == 2)):
                self.assertEqual(drained.missing(), "")
        self.assertEqual(self.group.told, ["4", "6"])
        # The master's file is on another machine.
        self.assertEqual(self.files, [])

    def test_not_where_another_slave_does(self) -> None:
        brokers = {0: self.group.broker.address, 1: "x", 2: "y"}
        with self.waiting(brokers), self.drain("broker-a-1").around(Result()):
            pass
        self.assertEqual(self.group.told, [])

    def test_a_master_that_waits_opens_when_its_slave_is_back(self) -> None:
        drained = self.drain()
        counts = [1, 0, 1]
        slaves = mock.patch.object(drain, "followers", lambda _: counts.pop(0))
        with self.waiting({}), slaves, drained.around(Result()):
            self.assertEqual(drained.missing(), "0 of 1 slaves that it waits for are connected")
            self.assertEqual(drained.missing(), "")

    def test_a_master_that_begins_to_wait_opens_when_its_slave_is_back(self) -> None:
        # Until this restart it waits for nobody: its first sends would time out.
        drained = self.drain()
        drained._document["release"]["conf"]["brokerRole"] = "SYNC_MASTER"
        drained._document["release"]["conf"]["inSyncReplicas"] = "2"
        counts = [1, 0, 1]
        slaves = mock.patch.object(drain, "followers", lambda _: counts.pop(0))
        with slaves, drained.around(Result()):
            self.assertEqual(drained.missing(), "0 of 1 slaves that it waits for are connected")
            self.assertEqual(drained.missing(), "")

    def test_a_slave_is_fed_only_a_heartbeat_after_it_connected(self) -> None:
        self.group.config["haSendHeartbeatInterval"] = "5000"
        now = [100.0]
        clock = mock.patch.object(drain.time, "monotonic", lambda: now[0])
        drained = self.drain("broker-a-1")
        with self.waiting({0: self.group.broker.address, 1: "x"}), drained.around(Result()):
            for after, connected, waits in (
                (0, 1, True),
                (4, 1, True),
                # Lost and made again: it counts anew.
                (1, 0, True),
                (1, 1, True),
                (4, 1, True),
                (1, 1, False),
            ):
                now[0] += after
                with clock, mock.patch.object(drain, "established", lambda remote, n=connected: n):
                    self.assertEqual(bool(drained.missing()), waits)

    def test_a_master_does_not_open_before_its_slave_is_fed(self) -> None:
        self.group.config["haSendHeartbeatInterval"] = "60000"
        drained = self.drain()
        slaves = mock.patch.object(drain, "followers", lambda _: 1)
        with self.waiting({}), slaves, drained.around(Result()):
            self.assertIn("1 of 1 slaves", drained.missing())
            self.assertIn("not fed yet", drained.missing())

    def test_messages_that_keep_coming_do_not_hold_the_rollout_up(self) -> None:
        numbers = iter(range(10_000))
        result = Result()
        soon = mock.patch.object(drain, "_BUSY_SECONDS", 0.2)
        busy = mock.patch.object(drain, "_puts", lambda _: str(next(numbers)))
        with soon, busy, self.drain().around(result):
            pass
        self.assertIn("still got messages", result.warnings[0])

    def test_whom_a_master_waits_for(self) -> None:
        for config, count in (
            ({"brokerRole": "ASYNC_MASTER", "inSyncReplicas": "2"}, 0),
            ({"brokerRole": "SYNC_MASTER"}, 1),
            ({"brokerRole": "SYNC_MASTER", "inSyncReplicas": "1"}, 0),
            ({"brokerRole": "SYNC_MASTER", "inSyncReplicas": "3"}, 2),
        ):
            self.assertEqual(drain.waits_for(config), count)


class NewMaster(WithGroup):
    """It starts closed, and has its slaves before it opens."""

    def setUp(self) -> None:
        super().setUp()
        self.group.config.update(brokerRole="SYNC_MASTER", inSyncReplicas="2")
        self.group.config["haSendHeartbeatInterval"] = "5000"
        self.group.broker.handlers[codes.GET_BROKER_HA_STATUS] = lambda *_: Reply(
            code=codes.NOT_SUPPORTED
        )
        self.drained = self.drain()
        self.drained._node.record["opensWithSlaves"] = True

    def missing(self, at: float, connected: int, slaves: int = 1) -> str:
        known = {0: self.group.broker.address, **{n + 1: "x" for n in range(slaves)}}
        with mock.patch.object(drain.time, "monotonic", lambda: at), mock.patch.object(
            drain.members, "brokers", lambda _: {"broker-a": known}
        ), mock.patch.object(drain, "established", lambda local: connected):
            return self.drained.missing_at_first()

    def test_starts_closed_and_its_file_closes_no_other_start(self) -> None:
        self.drained.before_start()
        self.assertEqual(self.files, [{"brokerPermission": "4"}])
        self.drained.has_started()
        self.assertEqual(self.files[-1], {})
        self.assertEqual(self.drained.missing(), "")

    def test_a_slave_does_not(self) -> None:
        drained = self.drain("broker-a-1")
        drained.before_start()
        self.assertEqual((self.files, drained.missing_at_first()), ([], ""))

    def test_restarted_before_it_opened_it_needs_no_drain(self) -> None:
        with self.drained.around(Result()):
            self.drained.before_start()
        self.assertEqual(self.files, [{"brokerPermission": "4"}])
        self.assertEqual((self.group.told, self.leases), ([], []))

    def test_has_its_slave_for_a_heartbeat(self) -> None:
        self.assertIn("0 of 1 slaves", self.missing(100, 0))
        self.assertIn("not fed yet", self.missing(101, 1))
        self.assertIn("not fed yet", self.missing(105, 1))
        self.assertEqual(self.missing(106, 1), "")

    def test_the_heartbeat_is_not_waited_for_where_the_broker_tells(self) -> None:
        acked = [-1, 0]
        self.group.broker.handlers[codes.GET_BROKER_HA_STATUS] = lambda *_: Reply(
            {
                "master": True,
                "haConnectionInfo": [{"inSync": True, "slaveAckOffset": acked[0]}],
            }
        )
        self.assertIn("not fed yet", self.missing(100, 1))
        acked.pop(0)
        self.assertEqual(self.missing(100, 1), "")

    def test_not_waited_for_are_slaves_that_nobody_knows(self) -> None:
        # Made by another program, which may wait for this one.
        self.assertEqual(self.missing(100, 0, slaves=0), "")

    def test_waits_for_nobody_any_more(self) -> None:
        self.group.config["brokerRole"] = "ASYNC_MASTER"
        self.assertEqual(self.missing(100, 0), "")
        self.group.config["brokerRole"] = "SYNC_MASTER"
        self.drained._node.record = {}
        self.assertEqual(self.missing(100, 0), "")
        self.drained._node.record = {"opensWithSlaves": True, "closedSince": 1.0}
        self.assertEqual(self.missing(100, 0), "")

    def test_does_not_answer(self) -> None:
        self.group.broker.close()
        self.assertTrue(self.missing(100, 0))


class Permission(WithGroup):
    def test_read_and_set(self) -> None:
        address = self.group.namesrv.address
        self.assertEqual(writable(address, "demo"), {"broker-a": True, "broker-b": True})
        self.assertFalse(set_open(self.group.broker.address, True))
        self.assertTrue(set_open(self.group.broker.address, False))
        self.assertEqual(writable(address, "demo"), {"broker-a": False, "broker-b": True})
        self.assertEqual(self.group.namesrv.asked(105)[0][0]["topic"], "demo")


class Guard(InFolder):
    """The unit that opens what a step left closed."""

    def setUp(self) -> None:
        super().setUp()
        self.group = FakeGroup()
        self.addCleanup(self.group.close)
        self.group.config["brokerPermission"] = "4"
        self.conf = self.write("broker.conf", "a=1\nbrokerPermission=4\nb=2\n")
        self.units: List[str] = []
        self.pid = 1
        for name, replacement in (
            ("FOLDER", self.folder),
            ("start", self.units.append),
            ("reload", lambda: None),
            ("stop", lambda *_: None),
            ("state", lambda name: mock.Mock(pid=0 if "reopen" in name else self.pid)),
        ):
            patch = mock.patch.object(lease.systemd, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.lease = lease.Lease(
            "broker-a-0", [self.group.broker.address], [self.conf], ["mqbroker@x"]
        )

    def test_opens_what_a_step_that_ended_left(self) -> None:
        self.lease.take()
        self.assertEqual(self.units, ["rocketmq-reopen-broker-a-0"])
        unit = self.path("rocketmq-reopen-broker-a-0.service")
        with open(unit, encoding="utf-8") as file:
            self.assertIn("--reopen broker-a-0", file.read())
        self.lease.leave()
        self.assertEqual(lease.guard("broker-a-0"), 0)
        self.assertEqual(self.group.told, ["6"])
        with open(self.conf, encoding="utf-8") as file:
            self.assertEqual(file.read(), "a=1\nb=2\n")
        with self.assertRaises(FileNotFoundError):
            open(unit, encoding="utf-8").close()

    def test_opens_a_broker_that_has_moved(self) -> None:
        moved = [self.gone(), self.group.broker.address]
        self.lease = lease.Lease("broker-a-0", moved, [self.conf], ["mqbroker@x"])
        self.lease.take()
        self.lease.leave()
        lease.guard("broker-a-0")
        self.assertEqual(self.group.told, ["6"])

    def test_opens_what_an_agent_before_this_one_has_left(self) -> None:
        self.lease.take()
        self.lease.leave()
        write_json(lease._path("broker-a-0"), {"address": self.group.broker.address})
        lease.guard("broker-a-0")
        self.assertEqual(self.group.told, ["6"])

    @staticmethod
    def gone() -> str:
        """An address where nobody listens any more."""
        with FakeServer() as server:
            return server.address

    def test_opens_what_only_the_name_servers_show_closed(self) -> None:
        self.group.config["brokerPermission"] = "6"
        self.group.wiped = True
        self.lease.take()
        self.lease.leave()
        lease.guard("broker-a-0")
        self.assertTrue(writable(self.group.namesrv.address, "demo")["broker-a"])

    def test_has_nothing_to_do_when_the_step_did_it(self) -> None:
        self.lease.take()
        self.lease.release()
        lease.guard("broker-a-0")
        self.assertEqual(self.group.told, [])

    def test_goes_on_until_the_broker_answers(self) -> None:
        self.lease.take()
        self.lease.leave()
        answers: List[Any] = [RemotingError("refused"), True]

        def answer(*_: Any) -> bool:
            found = answers.pop(0)
            if isinstance(found, Exception):
                raise found
            return bool(found)

        soon = mock.patch.object(lease, "_RETRY_SECONDS", 0.01)
        with soon, mock.patch.object(lease, "open_anew", answer):
            lease.guard("broker-a-0")
        self.assertEqual(answers, [])

    def test_a_broker_that_does_not_run_starts_open(self) -> None:
        self.lease.take()
        self.lease.leave()
        self.pid = 0
        lease.guard("broker-a-0")
        self.assertEqual(self.group.told, [])
        with open(self.conf, encoding="utf-8") as file:
            self.assertNotIn("brokerPermission", file.read())


class Sockets(InFolder):
    def test_established_connections_by_port(self) -> None:
        server = FakeServer()
        self.addCleanup(server.close)
        port = int(server.address.rpartition(":")[2])
        self.assertEqual(established(local=port), 0)
        server.on(26, b"a=1\n")
        with connected(server.address):
            self.assertEqual(established(local=port), 1)
            self.assertEqual(established(remote=port), 1)


@contextlib.contextmanager
def connected(address: str) -> Iterator[None]:
    from rocketmq_agent.remoting import Connection

    with Connection(address) as connection:
        connection.ask(26)
        yield
