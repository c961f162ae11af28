"""Registration with a Consul agent, against a server that answers as Consul's API does."""

import contextlib
import io
import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Dict, List, Tuple
from unittest import mock
from urllib.parse import unquote

from rocketmq_agent import consul
from rocketmq_agent.check import consul as consul_check
from rocketmq_agent.document import parse
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.front import front

TOKEN = "f0e1d2c3"
SERVICE = {
    "id": "C-exporter",
    "name": "rocketmq-exporter",
    "address": "10.0.0.5",
    "port": 5557,
    "tags": ["prometheus", "C"],
    "meta": {"metrics_path": "/metrics"},
    "check": {"http": "http://10.0.0.5:5557/healthz", "interval": 10},
}


class Registration(unittest.TestCase):
    def setUp(self) -> None:
        self.services: Dict[str, Dict[str, Any]] = {}
        self.requests: List[Tuple[str, str, str]] = []
        self.checks = {"service:C-exporter": {"ServiceID": "C-exporter", "Type": "http"}}
        self.filter = ""
        self.refusal = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                token = self.headers.get("X-Consul-Token", "")
                outer.requests.append((self.command, self.path, token))
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                code, answer = outer.consul(self.command, self.path, body)
                self.send_response(code)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_PUT = answer

            def log_message(self, *_: object) -> None:  # type: ignore[override]
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"

    def consul(self, method: str, path: str, body: bytes) -> Tuple[int, bytes]:
        if self.refusal:
            return self.refusal, b"Permission denied"
        if path.startswith("/v1/agent/service/register"):
            given = json.loads(body.decode())
            given["Service"] = given["Name"]
            self.services[given["ID"]] = given
            return 200, b""
        if path.startswith("/v1/agent/checks?"):
            self.filter = unquote(path.partition("=")[2])
            return 200, json.dumps(self.checks).encode()
        name = path.rsplit("/", 1)[1]
        if name not in self.services:
            return 404, b"unknown service ID: " + name.encode()
        if method == "PUT":
            del self.services[name]
            return 200, b""
        return 200, json.dumps(self.services[name]).encode()

    def document(self, **changes: Any) -> str:
        return json.dumps(
            {
                "format": 1,
                "host": "h1",
                "cluster": "C",
                "node": "exporter",
                "user": "rocketmq",
                "paths": {"deploy": "/opt/rocketmq", "data": "/data/rocketmq"},
                "consul": {"url": self.url, "token": TOKEN},
                "service": dict(SERVICE, **changes),
            }
        )

    def register(self, **changes: Any) -> List[str]:
        return consul.register(parse("consul", self.document(**changes))).changed

    def drift(self, **changes: Any) -> List[str]:
        document = parse("consul", self.document(**changes))
        return [
            f"{one.what}: {one.expected}, {one.found} ({one.repair})"
            for one in consul_check.check(document)
        ]

    def deregister(self) -> List[str]:
        return consul.deregister(parse("consul-delete", self.document())).changed

    def test_registers_once_and_says_what_it_changed(self) -> None:
        self.assertEqual(self.register(), ["registered rocketmq-exporter in Consul"])
        entry = self.services["C-exporter"]
        self.assertEqual(
            entry["Check"],
            {
                "HTTP": "http://10.0.0.5:5557/healthz",
                "Name": "rocketmq-exporter answers",
                "Interval": "10s",
                "Timeout": "5s",
            },
        )
        self.assertEqual(self.register(), [])
        self.assertEqual(len(self.register(port=5558)), 1)
        self.assertEqual(self.services["C-exporter"]["Port"], 5558)
        self.assertEqual({token for _, _, token in self.requests}, {TOKEN})

    def test_a_port_that_answers_is_enough_for_others(self) -> None:
        self.register(check={"tcp": "10.0.0.5:9876", "interval": 10})
        self.assertEqual(self.services["C-exporter"]["Check"]["TCP"], "10.0.0.5:9876")

    def test_as_it_was_registered_there_is_no_drift(self) -> None:
        self.register()
        self.requests = []
        self.assertEqual(self.drift(), [])
        self.assertEqual({method for method, _, _ in self.requests}, {"GET"})
        self.assertEqual(self.filter, 'ServiceID == "C-exporter"')

    def test_drift_tells_what_somebody_changed(self) -> None:
        missing = ["rocketmq-exporter in Consul: registered, missing (hot)"]
        self.assertEqual(self.drift(), missing)
        self.register(port=1, tags=["mine"])
        self.checks = {}
        self.assertEqual(
            self.drift(),
            [
                "port of rocketmq-exporter in Consul: 5557, 1 (hot)",
                'tags of rocketmq-exporter in Consul: ["C", "prometheus"], ["mine"] (hot)',
                "health check of rocketmq-exporter in Consul: http, missing (hot)",
            ],
        )
        self.register()
        self.checks = {"service:C-exporter": {"Type": "tcp"}}
        kind = ["health check of rocketmq-exporter in Consul: http, tcp (hot)"]
        self.assertEqual(self.drift(), kind)
        # An old Consul does not say.
        self.checks = {"service:C-exporter": {}}
        self.assertEqual(self.drift(), [])

    def test_an_agent_that_refuses_is_told_beside_other_drift(self) -> None:
        self.refusal = 403
        (told,) = self.drift()
        self.assertIn("Consul's agent: answers", told)
        self.assertIn("403 Permission denied (manual)", told)
        self.assertNotIn(TOKEN, told)

    def test_takes_out_what_is_there_and_only_that(self) -> None:
        self.register()
        self.assertEqual(self.deregister(), ["took rocketmq-exporter out of Consul"])
        self.assertEqual(self.services, {})
        self.assertEqual(self.deregister(), [])

    def test_a_token_that_may_not_is_named_but_not_shown(self) -> None:
        self.refusal = 403
        with self.assertRaises(StepError) as caught:
            self.register()
        self.assertEqual(caught.exception.code, ExitCode.CONSUL_FAILED)
        self.assertIn("403 Permission denied", caught.exception.message)
        self.assertIn("consul.token", caught.exception.remedy)
        self.assertNotIn(TOKEN, caught.exception.message + caught.exception.remedy)

    def test_no_agent_there(self) -> None:
        self.url = "http://127.0.0.1:1"
        with self.assertRaises(StepError) as caught:
            self.register()
        self.assertIn("Connection refused", caught.exception.message)

    def test_a_path_is_no_certificate(self) -> None:
        text = self.document()
        document = json.loads(text)
        document["consul"] = {"url": "https://127.0.0.1:1", "caPem": "/etc/ca.pem"}
        with self.assertRaises(StepError) as caught:
            consul.register(parse("consul", json.dumps(document)))
        self.assertIn("caPem", caught.exception.message)

    def test_nothing_of_it_is_kept_on_the_host(self) -> None:
        stdin = mock.Mock(buffer=io.BytesIO(self.document().encode()))
        with mock.patch("sys.stdin", stdin), mock.patch(
            "rocketmq_agent.front._spool", side_effect=AssertionError
        ), contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(front("consul", "agent", "agent", "", None), 0)
        self.assertEqual(json.loads(out.getvalue())["changed"][0][:10], "registered")


if __name__ == "__main__":
    unittest.main()
