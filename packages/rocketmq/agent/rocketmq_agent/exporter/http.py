"""The HTTP side: a fixed number of threads, so that slow clients cannot use up the machine."""

import html
import queue
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Mapping, Tuple

from .packed import Packed
from .service import Service
from .text import CONTENT_TYPE

_THREADS = 4
# Connections that wait for a thread; more are closed.
_BACKLOG = 32
_TIMEOUT = 10.0

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>RocketMQ exporter</title></head>
<body><h1>RocketMQ exporter</h1><p>{state}</p>
<ul><li><a href="{path}">Metrics</a></li><li><a href="/healthz">Health</a></li></ul>
</body></html>
"""


class Server(HTTPServer):
    """Serves with a few threads; IPv6 and IPv4 on one socket where the host has both."""

    allow_reuse_address = True
    request_queue_size = _BACKLOG

    def __init__(self, service: Service) -> None:
        self.service = service
        self._waiting: queue.Queue[Tuple[Any, Any]] = queue.Queue(_BACKLOG)
        port = service.settings.port
        try:
            self.address_family = socket.AF_INET6
            super().__init__(("::", port), Handler)
        except OSError as error:
            if _in_use(error):
                raise
            # No IPv6 on this host.
            self.address_family = socket.AF_INET
            super().__init__(("", port), Handler)
        for _ in range(_THREADS):
            threading.Thread(target=self._work, name="http", daemon=True).start()

    def server_bind(self) -> None:
        """Binds, for IPv4 too."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # Not HTTPServer's: that one resolves the host's name, which may take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name = "rocketmq-exporter"
        self.server_port = int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hands a connection to a thread; closes it when too many wait."""
        try:
            self._waiting.put_nowait((request, client_address))
        except queue.Full:
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away or dawdle are no news."""

    def _work(self) -> None:
        while True:
            request, client_address = self._waiting.get()
            try:
                self.finish_request(request, client_address)
            except Exception:
                self.handle_error(request, client_address)
            finally:
                self.shutdown_request(request)


class Handler(BaseHTTPRequestHandler):
    """Answers one request; connections are not kept, so that none holds a thread."""

    server: Server
    timeout = _TIMEOUT
    server_version = "rocketmq-exporter"
    sys_version = ""

    def do_GET(self) -> None:
        """`/metrics` (or what the settings say), `/healthz` and `/`."""
        service = self.server.service
        path = self.path.partition("?")[0]
        if path == service.settings.path:
            self._page(service.metrics())
        elif path == "/healthz":
            text = _state(service).encode("utf-8") + b"\n"
            self._answer(200 if service.healthy else 503, "text/plain; charset=utf-8", text)
        elif path == "/":
            page = _PAGE.format(
                state=html.escape(_state(service)), path=html.escape(service.settings.path)
            )
            self._answer(200, "text/html; charset=utf-8", page.encode("utf-8"))
        else:
            self._answer(404, "text/plain; charset=utf-8", b"not found\n")

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Scrapes are not logged."""

    def _page(self, page: Packed) -> None:
        """Compressed for those who take it, as Prometheus does."""
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        size = sum(len(member) for member in page.members) if packed else page.size
        headers = {"Content-Encoding": "gzip"} if packed else {}
        self._head(200, CONTENT_TYPE, size, {**headers, "Vary": "Accept-Encoding"})
        if self.command != "HEAD":
            for piece in page.members if packed else page.text():
                self.wfile.write(piece)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self._head(status, kind, len(body), {})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, kind: str, size: int, more: Mapping[str, str]) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(size), **more}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _state(service: Service) -> str:
    age = service.age
    if age is None:
        return "no snapshot yet"
    state = "ok" if service.healthy else "stale"
    return f"{state}: the last complete snapshot is {age:.1f} s old"


def _in_use(error: OSError) -> bool:
    import errno

    return error.errno in (errno.EADDRINUSE, errno.EACCES)
