"""What a broker is asked about itself."""

import time
from typing import Callable, Dict, Mapping

from . import codes
from .config import read_config, write_config
from .connection import Connection
from .errors import RemotingError
from .lenient import parse_object
from .version import release_of

# Just after its boot a broker answers GET_BROKER_RUNTIME_INFO with this (seen on 4.9.7).
_NOT_YET = "NoSuchElement"
_PAUSE = 0.25


class Perm:
    """Permissions of topics and brokers; they add up."""

    WRITE = 2
    READ = 4
    READ_WRITE = 6


def broker_runtime(
    address: str,
    timeout: float = 5.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Dict[str, str]:
    """The broker's runtime figures, all of them as text. Waits out the first moments of a boot."""
    deadline = time.monotonic() + timeout
    with Connection(address, timeout) as connection:
        while True:
            try:
                return broker_runtime_on(connection)
            except RemotingError as error:
                if _NOT_YET not in str(error) or time.monotonic() + _PAUSE > deadline:
                    raise
            sleep(_PAUSE)


def broker_runtime_on(connection: Connection) -> Dict[str, str]:
    """As `broker_runtime`, on an open connection and without a second try."""
    answer = parse_object(connection.ask(codes.GET_BROKER_RUNTIME_INFO).body)
    return {str(key): str(value) for key, value in (answer.get("table") or {}).items()}


def get_broker_config(address: str) -> Dict[str, str]:
    """Every key that a broker runs with, defaults included."""
    with Connection(address) as connection:
        return read_config(connection, codes.GET_BROKER_CONFIG)


def broker_version(address: str) -> str:
    """The RocketMQ release of a broker, as `release_of` tells it."""
    with Connection(address) as connection:
        read_config(connection, codes.GET_BROKER_CONFIG)
        return release_of(connection.peer_version)


def update_broker_config(address: str, changes: Mapping[str, str]) -> None:
    """Applies keys to a running broker in one request; the broker rewrites its broker.conf.

    Raises NotAppliedError for keys that did not take. That a key took says nothing about whether
    this version of the broker reads it without a restart.
    """
    with Connection(address) as connection:
        write_config(connection, codes.UPDATE_BROKER_CONFIG, codes.GET_BROKER_CONFIG, changes)
