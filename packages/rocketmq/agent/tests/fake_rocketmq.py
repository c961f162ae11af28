"""A name server or broker that speaks the protocol and answers what a test tells it to."""

import contextlib
import json
import socket
import struct
import threading
import time
from types import MappingProxyType
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Tuple, Union


class Reply(NamedTuple):
    """An answer; `body` is bytes as they go over the wire, or something to be written as JSON."""

    body: Any = b""
    code: int = 0
    remark: str = ""
    ext: Mapping[str, str] = MappingProxyType({})


Handler = Callable[[Dict[str, str], bytes], Union[Reply, bytes]]


class FakeServer:
    """Answers requests by code. A code without a handler is `not supported`, as in RocketMQ.

    A handler may return bytes (sent as they are) or raise ConnectionAbortedError (hangs up).
    """

    def __init__(self, version: int = 399, host: str = "127.0.0.1") -> None:
        self.handlers: Dict[int, Handler] = {}
        self.requests: List[Tuple[int, Dict[str, str], bytes]] = []
        self.connections = 0
        self.silent = False
        self.version = version
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.bind((host, 0))
        self._socket.listen(16)
        port = self._socket.getsockname()[1]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def on(self, request: int, body: Any = b"", **rest: Any) -> None:
        """Always the same answer to a code."""
        self.handlers[request] = lambda ext, asked: Reply(body, **rest)

    def asked(self, code: int) -> List[Tuple[Dict[str, str], bytes]]:
        """Arguments and bodies of the requests with this code."""
        return [(ext, body) for found, ext, body in self.requests if found == code]

    def close(self) -> None:
        """No new connections."""
        # A thread in accept() would keep the port open after a mere close().
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> "FakeServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connected,), daemon=True).start()

    def _serve(self, connected: socket.socket) -> None:
        with connected, connected.makefile("rb") as stream, contextlib.suppress(OSError):
            while True:
                head = stream.read(4)
                if len(head) < 4:
                    return
                frame = stream.read(struct.unpack(">i", head)[0])
                size = struct.unpack(">i", frame[:4])[0] & 0xFFFFFF
                header = json.loads(frame[4 : 4 + size])
                body = frame[4 + size :]
                self.requests.append((header["code"], header["extFields"], body))
                while self.silent:
                    time.sleep(0.05)
                connected.sendall(self._answer(header, body))

    def _answer(self, header: Dict[str, Any], body: bytes) -> bytes:
        handler = self.handlers.get(header["code"])
        reply: Union[Reply, bytes] = (
            Reply(code=3, remark=f" request type {header['code']} not supported")
            if handler is None
            else handler(header["extFields"], body)
        )
        return (
            reply if isinstance(reply, bytes) else frame_of(header["opaque"], reply, self.version)
        )


def frame_of(opaque: int, reply: Reply, version: int = 399, flag: int = 1) -> bytes:
    """An answer as it goes over the wire."""
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    header = json.dumps(
        {
            "code": reply.code,
            "flag": flag,
            "language": "JAVA",
            "opaque": opaque,
            "version": version,
            "remark": reply.remark,
            "extFields": dict(reply.ext),
        }
    ).encode()
    return struct.pack(">ii", 4 + len(header) + len(body), len(header)) + header + body


def cluster_body(brokers: Dict[str, Dict[int, str]], cluster: str = "C") -> bytes:
    """GET_BROKER_CLUSTER_INFO the way fastjson writes it: integer keys without quotes."""
    entries = []
    for name, ids in brokers.items():
        addresses = ",".join(f'{number}:"{address}"' for number, address in ids.items())
        entries.append(f'"{name}":{{"brokerAddrs":{{{addresses}}},"brokerName":"{name}"}}')
    names = ",".join(f'"{name}"' for name in brokers)
    table = ",".join(entries)
    return (
        f'{{"brokerAddrTable":{{{table}}},"clusterAddrTable":{{"{cluster}":[{names}]}}}}'.encode()
    )
