"""TCP connections of this machine, as the kernel lists them."""

from typing import Iterator, NamedTuple, Optional

from .files import read_text

_ESTABLISHED = "01"


class Ends(NamedTuple):
    """The ports of an established connection."""

    local: int
    remote: int


def established(local: Optional[int] = None, remote: Optional[int] = None) -> int:
    """How many connections stand with these ports."""
    return sum(
        (local is None or ends.local == local) and (remote is None or ends.remote == remote)
        for ends in _connections()
    )


def _connections() -> Iterator[Ends]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in (read_text(table) or "").splitlines()[1:]:
            fields = line.split()
            if len(fields) > 3 and fields[3] == _ESTABLISHED:
                yield Ends(_port(fields[1]), _port(fields[2]))


def _port(end: str) -> int:
    return int(end.rpartition(":")[2], 16)
