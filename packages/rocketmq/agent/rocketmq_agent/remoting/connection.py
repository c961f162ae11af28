"""A TCP connection to a name server or broker, and a one-shot call over one."""

import contextlib
import itertools
import socket
import struct
import threading
import time
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from .errors import RemotingError
from .frame import Frame, Response, check_length, decode, encode

SUCCESS = 0

# Loopback and data-centre calls take 2 to 22 ms; five seconds is a broker that does not answer.
DEFAULT_TIMEOUT = 5.0

_CHUNK = 1 << 18

# Requests on their way at once in `pipeline`. A broker answers admin requests with 16 threads.
_WINDOW = 32


class Request(NamedTuple):
    """One of many requests without a body."""

    code: int
    ext: Dict[str, str]


def split_address(address: str) -> Tuple[str, int]:
    """`host:port`, `[v6]:port` or `v6:port` (the last colon divides) as host and port."""
    host, colon, port = address.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise RemotingError(f"'{address}' is not an address of the form host:port")
    return host, int(port)


class Connection:
    """One socket for several calls, one after the other (safe to share between threads).

    The socket is opened by the first call. After a failure it is closed, and the next call
    opens a new one. `timeout` bounds a call as a whole: connecting, sending, waiting. `budget`
    bounds all calls together: seconds from now on.
    """

    def __init__(
        self, address: str, timeout: float = DEFAULT_TIMEOUT, budget: Optional[float] = None
    ) -> None:
        self.address = address
        self.timeout = timeout
        self._end = None if budget is None else time.monotonic() + budget
        self._socket: Optional[socket.socket] = None
        self._reader: Optional[_Reader] = None
        self._opaque = itertools.count(1)
        self._lock = threading.Lock()
        # The other side's version as its last answer numbered it; 0 before the first.
        self.peer_version = 0

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the socket; a later call opens a new one."""
        held, self._socket, self._reader = self._socket, None, None
        if held is not None:
            held.close()

    def call(
        self,
        code: int,
        ext: Optional[Dict[str, str]] = None,
        body: bytes = b"",
        timeout: Optional[float] = None,
    ) -> Response:
        """Sends one request and returns its answer, whatever the answer's code is."""
        deadline = self._deadline(timeout)
        with self._lock, self._failures(f"request {code}"):
            opaque = next(self._opaque)
            self._send(encode(code, opaque, ext, body), deadline)
            while True:
                frame = self._receive(deadline)
                # A broker may also send requests of its own over a client's connection.
                if frame.is_response and frame.opaque == opaque:
                    self.peer_version = frame.response.version
                    return frame.response

    def ask(
        self,
        code: int,
        ext: Optional[Dict[str, str]] = None,
        body: bytes = b"",
        timeout: Optional[float] = None,
    ) -> Response:
        """As `call`, but raises RemotingError unless the answer is a success."""
        response = self.call(code, ext, body, timeout)
        if response.code != SUCCESS:
            reason = _first_line(response.remark)
            raise RemotingError(
                f"{self.address}: request {code} was refused with code {response.code}: {reason}",
                response.code,
            )
        return response

    def pipeline(
        self, requests: Sequence[Request], timeout: Optional[float] = None
    ) -> List[Response]:
        """Many small requests without waiting for each answer; the answers in the same order.

        `timeout` bounds the wait for each next answer, so that a long list may take its time
        while a broker that hangs is noticed.
        """
        answers: Dict[int, Response] = {}
        waiting: Dict[int, int] = {}
        sent = 0
        with self._lock, self._failures(f"{len(requests)} requests"):
            while len(answers) < len(requests):
                deadline = self._deadline(timeout)
                # By the half window, so that there are few packets and system calls.
                if sent < len(requests) and len(waiting) <= _WINDOW // 2:
                    frames = []
                    for code, ext in requests[sent : sent + _WINDOW - len(waiting)]:
                        opaque = next(self._opaque)
                        frames.append(encode(code, opaque, ext, b""))
                        waiting[opaque] = sent
                        sent += 1
                    self._send(b"".join(frames), deadline)
                frame = self._receive(deadline)
                index = waiting.pop(frame.opaque, None) if frame.is_response else None
                if index is not None:
                    answers[index] = frame.response
        return [answers[index] for index in range(len(requests))]

    def _deadline(self, timeout: Optional[float]) -> float:
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        return deadline if self._end is None else min(deadline, self._end)

    @contextlib.contextmanager
    def _failures(self, what: str) -> Iterator[None]:
        """Turns every failure into a RemotingError that names the address, and hangs up."""
        try:
            yield
        except RemotingError as error:
            self.close()
            raise RemotingError(f"{self.address}: {error}") from error
        except socket.timeout:
            self.close()
            raise RemotingError(f"{self.address}: no answer in time ({what})") from None
        except OSError as error:
            self.close()
            raise RemotingError(f"{self.address}: {error.strerror or error}") from error

    def _send(self, frames: bytes, deadline: float) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(split_address(self.address), _left(deadline))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reader = _Reader(self._socket)
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(frames)

    def _receive(self, deadline: float) -> Frame:
        if self._reader is None:
            raise RemotingError("the connection was closed without an answer")
        return self._reader.frame(deadline)


class _Reader:
    """Takes frames out of what a socket hands over, which may be several at once."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._data = bytearray()
        self._at = 0

    def frame(self, deadline: float) -> Frame:
        (length,) = struct.unpack(">i", self._take(4, deadline))
        return decode(self._take(check_length(length), deadline))

    def _take(self, size: int, deadline: float) -> bytes:
        while len(self._data) - self._at < size:
            if self._at:
                del self._data[: self._at]
                self._at = 0
            self._socket.settimeout(_left(deadline))
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise RemotingError("the connection was closed without an answer")
            self._data += chunk
        start, self._at = self._at, self._at + size
        return bytes(self._data[start : self._at])


def call(
    address: str,
    code: int,
    ext: Optional[Dict[str, str]] = None,
    body: bytes = b"",
    timeout: float = DEFAULT_TIMEOUT,
) -> Response:
    """One request on a connection of its own. The answer's code is for the caller to judge."""
    with Connection(address, timeout) as connection:
        return connection.call(code, ext, body)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout()
    return left


def _first_line(remark: str) -> str:
    lines = remark.strip().splitlines()
    return lines[0][:300] if lines else "no reason given"
