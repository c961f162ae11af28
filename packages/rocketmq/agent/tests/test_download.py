"""Downloads: resumed, verified, and refused with a reason."""

import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, List
from unittest import mock

from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.host import download, package
from rocketmq_agent.result import Result
from support import InFolder

CONTENT = bytes(range(256)) * 4096
DIGEST = hashlib.sha512(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """/good serves ranges; /cut ends early at the first request; others are not there."""

    ranges: List[str] = []
    cut = 0

    def do_GET(self) -> None:
        offset = 0
        asked = self.headers.get("Range") or ""
        Handler.ranges.append(asked)
        if self.path == "/broken":
            self.send_error(500)
            return
        if self.path not in ("/good", "/cut", "/norange"):
            self.send_error(404)
            return
        if asked and self.path != "/norange":
            offset = int(asked[len("bytes=") : -1])
            if offset >= len(CONTENT):
                self.send_error(416)
                return
            self.send_response(206)
        else:
            self.send_response(200)
        body = CONTENT[offset:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path == "/cut" and Handler.cut:
            Handler.cut -= 1
            body = body[:100000]
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Downloads(InFolder):
    def setUp(self) -> None:
        super().setUp()
        Handler.ranges = []
        Handler.cut = 0
        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.target = self.path("file")
        patch = mock.patch("time.sleep")
        patch.start()
        self.addCleanup(patch.stop)

    def content(self) -> bytes:
        with open(self.target, "rb") as file:
            return file.read()

    def test_whole(self) -> None:
        self.assertEqual(download.fetch(f"{self.url}/good", self.target), DIGEST)
        self.assertEqual(self.content(), CONTENT)

    def test_goes_on_after_a_cut_connection(self) -> None:
        Handler.cut = 2
        self.assertEqual(download.fetch(f"{self.url}/cut", self.target), DIGEST)
        self.assertEqual(Handler.ranges, ["", "bytes=100000-", "bytes=200000-"])
        self.assertEqual(self.content(), CONTENT)

    def test_goes_on_with_an_earlier_step_s_file(self) -> None:
        with open(self.target, "wb") as file:
            file.write(CONTENT[:500])
        self.assertEqual(download.fetch(f"{self.url}/good", self.target), DIGEST)
        self.assertEqual(Handler.ranges, ["bytes=500-"])

    def test_server_without_ranges(self) -> None:
        with open(self.target, "wb") as file:
            file.write(b"x" * 500)
        self.assertEqual(download.fetch(f"{self.url}/norange", self.target), DIGEST)
        self.assertEqual(self.content(), CONTENT)

    def test_leftover_is_longer_than_the_file(self) -> None:
        with open(self.target, "wb") as file:
            file.write(b"x" * (len(CONTENT) + 5))
        self.assertEqual(download.fetch(f"{self.url}/good", self.target), DIGEST)

    def failure(self, path: str) -> StepError:
        with self.assertRaises(StepError) as caught:
            download.fetch(path, self.target)
        self.assertEqual(caught.exception.code, ExitCode.PACKAGE_FAILED)
        return caught.exception

    def test_not_there(self) -> None:
        self.assertIn("404", self.failure(f"{self.url}/missing").message)
        self.assertEqual(len(Handler.ranges), 1)
        self.assertIsNone(download.fetch_text(f"{self.url}/missing.sha512"))

    def test_server_in_trouble_is_asked_again(self) -> None:
        self.assertIn("500", self.failure(f"{self.url}/broken").message)
        self.assertEqual(len(Handler.ranges), 4)

    def test_never_complete(self) -> None:
        Handler.cut = 4
        self.assertIn("the connection ended early", self.failure(f"{self.url}/cut").message)

    def test_unreachable(self) -> None:
        error = self.failure("http://127.0.0.1:1/x")
        self.assertIn("Connection refused", error.message)
        self.assertIn("127.0.0.1:1", error.remedy)

    def test_wrong_digest_keeps_nothing(self) -> None:
        wanted = {"version": "9", "url": f"{self.url}/good", "sha512": "0" * 128}
        with self.assertRaisesRegex(StepError, f"{self.url}/good does not have the SHA-512"):
            package.ensure(wanted, self.path("deploy"), "", Result())
        self.assertEqual(os.listdir(self.path("deploy/versions")), [])

    def test_nothing_to_verify_with(self) -> None:
        wanted = {"version": "9", "url": f"{self.url}/good"}
        with self.assertRaisesRegex(StepError, "good.sha512 is not there"):
            package.ensure(wanted, self.path("deploy"), "", Result())
