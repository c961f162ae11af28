"""A broker that is not known yet is made to register."""

import unittest
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent.node import registration
from rocketmq_agent.node.registration import Registration
from rocketmq_agent.remoting.errors import RemotingError
from support import document


class Registering(unittest.TestCase):
    def setUp(self) -> None:
        self.known: Dict[str, Any] = {}
        self.sent: List[Dict[str, str]] = []
        self.asked: List[str] = []
        self.restored = 0
        self.now = 100.0
        self.document = document("broker-a-0-config")
        for name, replacement in (
            ("registered", self.registered),
            ("get_broker_config", lambda _: {"brokerPermission": "4"}),
            ("update_broker_config", lambda _, changes: self.sent.append(changes)),
            ("time", mock.Mock(monotonic=lambda: self.now)),
        ):
            patch = mock.patch.object(registration, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.announced = "192.0.2.13:10911"
        reach = mock.Mock(local=lambda: "127.0.0.1:10911", announced=lambda: self.announced)
        self.registration = Registration(self.document, reach, self.restore)

    def restore(self) -> None:
        self.restored += 1

    def registered(self, namesrv: str, name: str, broker: int, address: str) -> bool:
        self.asked.append(address)
        answer = self.known.get(namesrv, False)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    def test_known_everywhere(self) -> None:
        self.known = dict.fromkeys(self.document["namesrv"], True)
        self.assertEqual(self.registration.missing(), "")

    def test_under_the_address_that_it_has_now(self) -> None:
        self.known = dict.fromkeys(self.document["namesrv"], True)
        self.assertEqual(self.registration.missing(), "")
        # The release before this one was put back.
        self.announced = "192.0.2.13:10811"
        self.assertEqual(self.registration.missing(), "")
        self.assertEqual(self.asked, ["192.0.2.13:10911"] * 2 + ["192.0.2.13:10811"] * 2)

    def test_reminded_once_with_the_value_that_it_has(self) -> None:
        for second in (0.0, 0.5, 1.5, 2.0):
            self.now = 100.0 + second
            self.assertIn("does not list it as 192.0.2.13:10911", self.registration.missing())
            self.assertEqual(len(self.sent), 1 if second > 1 else 0)
        self.assertEqual(self.sent, [{"brokerPermission": "4"}])
        self.assertEqual(self.restored, 1)

    def test_not_while_a_name_server_is_away(self) -> None:
        self.known[self.document["namesrv"][0]] = RemotingError("refused")
        for second in (0, 5):
            self.now = 100.0 + second
            self.assertIn("cannot be asked (refused)", self.registration.missing())
        self.assertEqual(self.sent, [])
