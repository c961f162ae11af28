"""What is particular to the steps of a broker."""

import unittest
from unittest import mock

from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.node import broker
from rocketmq_agent.remoting.errors import RemotingError
from support import document


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


OWN = document("broker-a-0-config")["address"]
