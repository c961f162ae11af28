"""RocketMQ's remoting protocol: 2 to 22 ms a call, where mqadmin takes four seconds.

`admin` has the calls; this module has what they stand on.
"""

from .connection import Connection, Request, call, split_address
from .errors import RemotingError
from .frame import Response
from .lenient import parse_lenient

__all__ = [
    "Connection",
    "RemotingError",
    "Request",
    "Response",
    "call",
    "parse_lenient",
    "split_address",
]
