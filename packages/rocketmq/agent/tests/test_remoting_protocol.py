"""Frames, lenient JSON, properties and connections."""

import json
import random
import re
import struct
import time
import unittest
from typing import Callable
from unittest import mock

from fake_rocketmq import FakeServer, Reply, frame_of
from rocketmq_agent.remoting import (
    Connection,
    RemotingError,
    Request,
    call,
    parse_lenient,
    split_address,
)
from rocketmq_agent.remoting.properties import from_properties, same_value, to_properties


class LenientJson(unittest.TestCase):
    def test_plain_json(self) -> None:
        self.assertEqual(parse_lenient(b'{"a": [1, "x", null, true]}'), {"a": [1, "x", None, True]})

    def test_integer_keys_become_strings(self) -> None:
        self.assertEqual(
            parse_lenient('{"t":{0:"a:1",1:"b:{2,3:4}"}}'), {"t": {"0": "a:1", "1": "b:{2,3:4}"}}
        )

    def test_object_keys_become_pairs(self) -> None:
        text = '{"offsetTable":{{"queueId":0,"topic":"T"}:{"max":3},{"queueId":1}:{"max":4}}}'
        self.assertEqual(
            parse_lenient(text)["offsetTable"],
            [[{"queueId": 0, "topic": "T"}, {"max": 3}], [{"queueId": 1}, {"max": 4}]],
        )

    def test_escapes_and_spaces(self) -> None:
        self.assertEqual(
            parse_lenient('{ 1 : "a\\"b" , 2:[ ] , 3:{ } }'), {"1": 'a"b', "2": [], "3": {}}
        )

    def test_garbage(self) -> None:
        for text in ("", "{", "{1}", "[1,", "{1:2} x", "{:1}", '{"a" 1}'):
            with self.assertRaises(ValueError, msg=text):
                parse_lenient(text)

    def test_large_tables_are_read_in_the_quick_way_and_alike(self) -> None:
        strings = ["T", 'a"b', "%RETRY%g", "{", "},{", '{"x":1}:{"y":2}', "\\", "", "é"]
        for seed in range(200):
            chance = random.Random(seed)

            def text(chance: random.Random = chance) -> str:
                return json.dumps(chance.choice(strings))

            def table(chance: random.Random = chance, text: Callable[[], str] = text) -> str:
                pairs = (
                    f'{{"queueId":{n},"topic":{text()}}}:{{"max":{chance.randrange(9)},"of":{text()}}}'
                    for n in range(chance.randrange(4))
                )
                return "{" + ",".join(pairs) + "}"

            stats = ",".join(f'{{{text()}:[{{"t":{table()}}}]}}' for _ in range(3))
            body = f'{{"list":[{stats}],"note":{text()},"table":{table()}}}'
            with mock.patch("rocketmq_agent.remoting.lenient._TABLE", re.compile("(?!)")):
                slowly = parse_lenient(body)
            self.assertEqual(parse_lenient(body), slowly, body)


class Properties(unittest.TestCase):
    def test_what_java_reads(self) -> None:
        self.assertEqual(
            to_properties({"b": " x", "a": "c:\\d\u00e9"}), b"a=c:\\\\d\\u00e9\nb=\\ x\n"
        )

    def test_beyond_the_basic_plane(self) -> None:
        self.assertEqual(to_properties({"k": "\U0001f600"}), b"k=\\ud83d\\ude00\n")

    def test_line_breaks_are_refused(self) -> None:
        with self.assertRaises(RemotingError):
            to_properties({"a": "1\nb=2"})

    def test_what_rocketmq_writes(self) -> None:
        self.assertEqual(from_properties(b"a=1=2\nb=\nnoise\n"), {"a": "1=2", "b": ""})

    def test_same_value(self) -> None:
        self.assertTrue(same_value("TRUE", "true"))
        self.assertTrue(same_value("010", "10"))
        self.assertFalse(same_value("true", "1"))
        self.assertFalse(same_value("abc", "48"))


class Addresses(unittest.TestCase):
    def test_forms(self) -> None:
        self.assertEqual(split_address("h:1"), ("h", 1))
        self.assertEqual(split_address("[::1]:9876"), ("::1", 9876))
        self.assertEqual(split_address("fe80::1:9876"), ("fe80::1", 9876))

    def test_refused(self) -> None:
        for address in ("h", ":1", "h:", "h:x", "h:0", "h:70000", ""):
            with self.assertRaises(RemotingError, msg=address):
                split_address(address)


class Connections(unittest.TestCase):
    def test_one_shot(self) -> None:
        with FakeServer(version=513) as server:
            server.on(28, b"body", ext={"k": "v"})
            response = call(server.address, 28, {"a": "b"}, b"ask")
            self.assertEqual((response.code, response.body, response.ext), (0, b"body", {"k": "v"}))
            self.assertEqual(response.version, 513)
            self.assertEqual(server.requests, [(28, {"a": "b"}, b"ask")])

    def test_ipv6(self) -> None:
        with FakeServer(host="::1") as server:
            server.on(28)
            self.assertEqual(call(server.address, 28).code, 0)

    def test_several_calls_use_one_socket(self) -> None:
        with FakeServer() as server, Connection(server.address) as connection:
            server.on(28)
            for _ in range(3):
                connection.ask(28)
            self.assertEqual(server.connections, 1)

    def test_refusals_carry_the_code_and_one_line(self) -> None:
        with FakeServer() as server, Connection(server.address) as connection:
            server.on(17, code=29, remark="illegal topic\n at java.lang.Thread")
            with self.assertRaises(RemotingError) as caught:
                connection.ask(17)
            self.assertEqual(caught.exception.code, 29)
            self.assertIn("illegal topic", str(caught.exception))
            self.assertNotIn("java.lang", str(caught.exception))
            self.assertFalse(caught.exception.unanswered)

    def test_nobody_there(self) -> None:
        with FakeServer() as server:
            address = server.address
        with self.assertRaises(RemotingError) as caught:
            call(address, 28)
        self.assertTrue(caught.exception.unanswered)
        self.assertIn(address, str(caught.exception))

    def test_silence_is_a_timeout_and_the_next_call_connects_anew(self) -> None:
        with FakeServer() as server, Connection(server.address, timeout=0.2) as connection:
            server.on(28)
            server.silent = True
            started = time.monotonic()
            with self.assertRaisesRegex(RemotingError, "no answer in time"):
                connection.call(28)
            self.assertLess(time.monotonic() - started, 2)
            server.silent = False
            self.assertEqual(connection.call(28).code, 0)
            self.assertEqual(server.connections, 2)

    def test_a_budget_bounds_all_calls_together(self) -> None:
        with FakeServer() as server, Connection(server.address, budget=0.3) as connection:
            server.on(28)
            connection.call(28)
            time.sleep(0.35)
            with self.assertRaisesRegex(RemotingError, "no answer in time"):
                connection.call(28)

    def test_a_closed_connection(self) -> None:
        def hang_up(ext: object, body: bytes) -> Reply:
            raise ConnectionAbortedError

        with FakeServer() as server:
            server.handlers[28] = hang_up
            with self.assertRaisesRegex(RemotingError, "closed without an answer"):
                call(server.address, 28)

    def test_another_protocol(self) -> None:
        for garbage in (
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            struct.pack(">ii", 12, 1 << 24) + b"x" * 8,
            struct.pack(">ii", 6, 2) + b"[]",
        ):
            with FakeServer() as server:
                server.handlers[28] = lambda ext, body, answer=garbage: answer  # type: ignore[misc]
                with self.assertRaisesRegex(RemotingError, "protocol|header"):
                    call(server.address, 28, timeout=1)

    def test_requests_of_the_other_side_and_late_answers_are_skipped(self) -> None:
        with FakeServer() as server:
            noise = frame_of(1, Reply(b"a request"), flag=0) + frame_of(99, Reply(b"late"))
            server.handlers[28] = lambda ext, body: noise + frame_of(1, Reply(b"mine"))
            self.assertEqual(call(server.address, 28).body, b"mine")


class Pipelines(unittest.TestCase):
    def test_answers_come_in_the_order_of_the_requests(self) -> None:
        with FakeServer() as server, Connection(server.address) as connection:
            server.handlers[202] = lambda ext, body: Reply(ext["topic"].encode())
            names = [f"T{number}" for number in range(100)]
            answers = connection.pipeline([Request(202, {"topic": name}) for name in names])
            self.assertEqual([answer.body.decode() for answer in answers], names)
            self.assertEqual(server.connections, 1)

    def test_nothing_to_ask_needs_no_connection(self) -> None:
        self.assertEqual(Connection("127.0.0.1:1").pipeline([]), [])

    def test_a_broker_that_stops_answering_is_noticed(self) -> None:
        with FakeServer() as server, Connection(server.address, timeout=0.2) as connection:
            server.silent = True
            with self.assertRaisesRegex(RemotingError, "no answer in time"):
                connection.pipeline([Request(202, {})] * 3)
            server.silent = False


if __name__ == "__main__":
    unittest.main()
