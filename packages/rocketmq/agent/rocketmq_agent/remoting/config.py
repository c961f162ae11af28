"""Reading and changing the configuration of a running process, always read back.

RocketMQ says success for unknown keys and for values that it ignores, so nothing counts as
applied before it was read again.
"""

from typing import Dict, Mapping

from .connection import Connection
from .errors import RemotingError
from .properties import from_properties, same_value, to_properties


class NotAppliedError(RemotingError):
    """Keys that were accepted and are not in force: key to `asked 5, is 3`."""

    def __init__(self, address: str, keys: Dict[str, str]) -> None:
        listed = "; ".join(f"{key} ({why})" for key, why in sorted(keys.items()))
        super().__init__(f"{address}: not applied: {listed}", 0)
        self.keys = keys


def read_config(connection: Connection, code: int) -> Dict[str, str]:
    """Every key of the process on the other side."""
    return from_properties(connection.ask(code).body)


def write_config(connection: Connection, update: int, get: int, changes: Mapping[str, str]) -> None:
    """Sends all changes in one request and reads them back."""
    if not changes:
        return
    connection.ask(update, None, to_properties(changes))
    found = read_config(connection, get)
    refused = {
        key: "asked {}, {}".format(value, "is " + found[key] if key in found else "is no key")
        for key, value in changes.items()
        if key not in found or not same_value(value, found[key])
    }
    if refused:
        raise NotAppliedError(connection.address, refused)
