"""How far a slave is behind its master, on every version.

4.9 has no call that tells: both sides' `commitLogMaxOffset` (runtime figures) are compared. 5.x
also answers GET_BROKER_HA_STATUS, which knows whether the connection between the two stands.
"""

import time
from typing import Any, Dict, List, NamedTuple, Optional

from . import codes
from .broker import broker_runtime
from .connection import DEFAULT_TIMEOUT, Connection
from .errors import RemotingError
from .lenient import parse_object

# A master sends its slaves a heartbeat each 5 s (haSendHeartbeatInterval) and either side gives
# the connection up after 20 s without one (haHousekeepingInterval).
_SILENCE = 20.0


class SlaveConnection(NamedTuple):
    """A slave as its master sees it; `address` is the slave's end of the HA connection."""

    address: str
    lag_bytes: int
    in_sync: bool
    acked_offset: int


class HaStatus(NamedTuple):
    """The answer of RocketMQ 5 about replication, of a master or of a slave."""

    is_master: bool
    max_offset: int
    in_sync_slaves: int
    slaves: List[SlaveConnection]
    # Of a slave: the master's HA address, and when it last read from it (milliseconds, 0: never).
    master_address: str
    last_read: int


class Replication(NamedTuple):
    """The state of one slave."""

    master_offset: int
    slave_offset: int
    # None where the version cannot tell (4.x).
    connected: Optional[bool]

    @property
    def lag_bytes(self) -> int:
        """Bytes of the commit log that the slave does not have yet."""
        return max(0, self.master_offset - self.slave_offset)


def ha_status(address: str, timeout: float = DEFAULT_TIMEOUT) -> Optional[HaStatus]:
    """What RocketMQ 5 says about replication; None on 4.x, which has no such call."""
    with Connection(address, timeout) as connection:
        response = connection.call(codes.GET_BROKER_HA_STATUS)
    if response.code == codes.NOT_SUPPORTED:
        return None
    if response.code != 0:
        raise RemotingError(f"{address}: {response.remark}", response.code)
    answer = parse_object(response.body)
    client: Dict[str, Any] = answer.get("haClientRuntimeInfo") or {}
    is_master = bool(answer.get("master"))
    offset = answer.get("masterCommitLogMaxOffset") if is_master else client.get("maxOffset")
    return HaStatus(
        is_master,
        int(offset or 0),
        int(answer.get("inSyncSlaveNums") or 0),
        [
            SlaveConnection(
                str(slave.get("addr", "")).lstrip("/"),
                int(slave.get("diff") or 0),
                bool(slave.get("inSync")),
                int(slave.get("slaveAckOffset") or 0),
            )
            for slave in answer.get("haConnectionInfo") or []
        ],
        str(client.get("masterAddr") or ""),
        int(client.get("lastReadTimestamp") or 0),
    )


def replication(master: str, slave: str, timeout: float = DEFAULT_TIMEOUT) -> Replication:
    """Where a slave stands against its master. The slave is read first: never too good a news."""
    status = ha_status(slave, timeout)
    slave_offset = _max_offset(slave, timeout)
    connected: Optional[bool] = None
    if status is not None:
        silence = abs(time.time() - status.last_read / 1000.0)
        connected = bool(status.master_address) and silence < _SILENCE
    return Replication(_max_offset(master, timeout), slave_offset, connected)


def _max_offset(address: str, timeout: float) -> int:
    try:
        return int(broker_runtime(address, timeout)["commitLogMaxOffset"])
    except (KeyError, ValueError):
        raise RemotingError(f"{address}: no commitLogMaxOffset among its figures") from None
