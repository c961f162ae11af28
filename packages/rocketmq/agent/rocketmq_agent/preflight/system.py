"""Everything that preflight asks of a host, in one place, so that tests can answer instead."""

import os
import shutil
import socket
import struct
import time
from typing import Dict, List, NamedTuple, Optional, Tuple

from ..host.java import Java, find, inspect
from ..node.role import NAMESRV
from ..remoting.broker import broker_version, get_broker_config
from ..remoting.namesrv import get_namesrv_config, namesrv_version
from ..system.files import read_text


class Space(NamedTuple):
    """A file system: what an unprivileged user may still write, and whether anyone may."""

    device: int
    free_mb: int
    total_mb: int
    free_inodes: int
    total_inodes: int
    read_only: bool


class Answer(NamedTuple):
    """An HTTP answer without its body; header names in lower case."""

    status: int
    headers: Dict[str, str]


class System:
    """The host that this process runs on. Reads only."""

    def uid(self) -> int:
        """Who we are; 0 is root."""
        return os.geteuid()

    def kernel(self) -> str:
        """`Linux`, and nothing else on a host that we support."""
        return os.uname().sysname

    def machine(self) -> str:
        """The architecture as the kernel calls it: `x86_64`."""
        return os.uname().machine

    def hostname(self) -> str:
        """The host's own name, not qualified."""
        return socket.gethostname()

    def cpus(self) -> int:
        """Processors that this process may use."""
        return len(os.sched_getaffinity(0))

    def read(self, path: str) -> Optional[str]:
        """A text file's content; None when it is not there or may not be read."""
        try:
            return read_text(path)
        except OSError:
            return None

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""
        return os.path.exists(path)

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there."""
        return os.path.isdir(path)

    def names(self, folder: str) -> List[str]:
        """What is in a folder, sorted; nothing when it is not there."""
        try:
            return sorted(entry.name for entry in os.scandir(folder))
        except OSError:
            return []

    def target(self, link: str) -> str:
        """Where a symbolic link points; empty when it is none."""
        try:
            return os.readlink(link)
        except OSError:
            return ""

    def space(self, path: str) -> Space:
        """The file system below an existing path."""
        found = os.statvfs(path)
        mib = 1 << 20
        return Space(
            os.stat(path).st_dev,
            found.f_bavail * found.f_frsize // mib,
            found.f_blocks * found.f_frsize // mib,
            found.f_favail,
            found.f_files,
            bool(found.f_flag & os.ST_RDONLY),
        )

    def writable(self, folder: str) -> bool:
        """Whether something may be made in a folder, as far as can be told without doing it."""
        return os.access(folder, os.W_OK | os.X_OK)

    def which(self, program: str) -> Optional[str]:
        """Where a program is, in the places where root's programs are too."""
        path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
        return shutil.which(program, path=path)

    def javas(self) -> List[Java]:
        """Every Java on the host."""
        return find()

    def java_at(self, home: str) -> Optional[Java]:
        """The Java in a folder; None when there is none."""
        return inspect(home)

    def server_config(self, role: str, port: int) -> Tuple[Dict[str, str], str]:
        """Every key and the version of a name server or broker of this machine, as it tells."""
        address = f"127.0.0.1:{port}"
        if role == NAMESRV.title:
            return get_namesrv_config(address), namesrv_version(address)
        return get_broker_config(address), broker_version(address)

    def lock_holder(self, path: str) -> Optional[int]:
        """The process that holds a record lock on a file (0: one that we cannot see)."""
        import fcntl

        question = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        try:
            with open(path, "rb") as file:
                answer = fcntl.fcntl(file.fileno(), fcntl.F_GETLK, question)
        except OSError:
            return None
        kind, _, _, _, pid = struct.unpack("hhqqi", answer)
        return None if kind == fcntl.F_UNLCK else max(0, int(pid))

    def resolves(self, name: str) -> bool:
        """Whether a host name has an address."""
        try:
            return bool(socket.getaddrinfo(name, None))
        except OSError:
            return False

    def clock_synchronized(self) -> Optional[bool]:
        """Whether the kernel's clock is kept in step by NTP; None when it cannot be told."""
        try:
            import ctypes

            library = ctypes.CDLL(None, use_errno=True)
            # struct timex with `modes` 0 only asks; 512 bytes are more than any of its versions.
            state = library.adjtimex(ctypes.create_string_buffer(512))
        except (ImportError, OSError, AttributeError):
            return None
        time_error = 5
        return None if state < 0 else state != time_error

    def ask(self, method: str, url: str, timeout: float) -> Answer:
        """An HTTP request, redirects followed, proxies of the environment used.

        Raises OSError when there is no answer. A status of 400 and above is an answer.
        """
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        request = Request(url, method=method, headers={"User-Agent": "rocketmq-agent"})
        if method == "GET":
            request.add_header("Range", "bytes=0-0")
        try:
            with urlopen(request, timeout=timeout) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status, headers)
        except HTTPError as error:
            headers = {name.lower(): value for name, value in error.headers.items()}
            return Answer(error.code, headers)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)
