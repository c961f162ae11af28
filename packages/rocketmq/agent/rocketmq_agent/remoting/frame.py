"""RocketMQ's wire format: one request or answer is one frame.

A frame is int32 total length | one byte serialisation (0: JSON) and three bytes header length |
header | body. The header says what is asked (`code`), which request it belongs to (`opaque`),
and carries the arguments as strings (`extFields`).
"""

import json
import struct
from typing import Dict, NamedTuple, Optional

from .errors import RemotingError
from .lenient import parse_lenient

# The broker's own limit (com.rocketmq.remoting.frameMaxLength): 16 MiB. Its answers with all
# topics may be larger than a request ever is, so this is only a guard against talking to
# something that does not speak the protocol.
MAX_FRAME = 256 * 1024 * 1024

# Sent as our version in each request. Brokers of 4.x and 5.x read it only for client features.
_VERSION = 0


class Response(NamedTuple):
    """An answer: code 0 is success, any other a refusal with its reason in `remark`."""

    code: int
    remark: str
    ext: Dict[str, str]
    body: bytes
    # The other side's version as RocketMQ numbers them: 399 is 4.9.3.
    version: int = 0


class Frame(NamedTuple):
    """What came in: an answer to the request `opaque`, or a request of the other side."""

    opaque: int
    is_response: bool
    response: Response


def encode(code: int, opaque: int, ext: Optional[Dict[str, str]], body: bytes) -> bytes:
    """The bytes of one request."""
    arguments = json.dumps(ext) if ext else "{}"
    header = (
        f'{{"code":{code},"language":"OTHER","version":{_VERSION},"opaque":{opaque},"flag":0,'
        f'"extFields":{arguments}}}'
    ).encode()
    return struct.pack(">ii", 4 + len(header) + len(body), len(header)) + header + body


def check_length(length: int) -> int:
    """Refuses what cannot be the length of a frame."""
    if 4 <= length <= MAX_FRAME:
        return length
    raise RemotingError(f"the answer is not RocketMQ's protocol (frame of {length} bytes)")


def decode(frame: bytes) -> Frame:
    """The frame, given without its first four bytes."""
    (mark,) = struct.unpack(">i", frame[:4])
    end = 4 + (mark & 0xFFFFFF)
    if mark >> 24 != 0 or end > len(frame):
        raise RemotingError(f"the answer is not RocketMQ's protocol (header {mark:#x})")
    try:
        header = parse_lenient(frame[4:end])
        response = Response(
            int(header["code"]),
            str(header.get("remark") or ""),
            dict(header.get("extFields") or {}),
            frame[end:],
            int(header.get("version") or 0),
        )
        return Frame(int(header["opaque"]), bool(int(header.get("flag") or 0) & 1), response)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RemotingError(f"the answer's header cannot be read: {error}") from error
