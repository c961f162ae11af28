"""Name servers that are taken out."""

import unittest
from typing import List
from unittest import mock

from rocketmq_agent.node import forget


class Forget(unittest.TestCase):
    """How long a broker is waited for."""

    def waited(self, before: str, after: str) -> float:
        slept: List[float] = []
        node = mock.Mock()
        node.name = "broker-a-0"
        with mock.patch.object(forget, "say"):
            forget.wait(node, before, after, slept.append)
        return sum(slept)

    def test_only_where_nothing_else_tells(self) -> None:
        for before, after, seconds in (
            ("a:1;b:1", "a:1", 125),
            ("a:1;b:1", "a:1;c:1", 0),
            ("a:1", "a:1;b:1", 0),
            ("a:1;b:1", "b:1; a:1", 0),
            ("", "a:1", 0),
        ):
            with self.subTest(before=before, after=after):
                self.assertEqual(self.waited(before, after), seconds)
