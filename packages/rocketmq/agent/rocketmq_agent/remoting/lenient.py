"""Reads the JSON that RocketMQ writes, which is not always JSON.

fastjson leaves integer keys bare (`{0:"10.0.0.1:10911"}`) and writes maps whose keys are objects
as `{{"queueId":0,"topic":"T"}:{"maxOffset":3}}`. Python's decoder refuses both. A bare key
becomes a string; a map with object keys becomes a list of [key, value] pairs.
"""

import json
import re
from typing import Any, Dict, List, Match, Tuple, Union

from .errors import RemotingError

_SPACE = re.compile(r"[ \t\r\n]*")
_BARE = re.compile(r"[^\s:,{}\[\]\"]+")
_DECODER = json.JSONDecoder()

# A map whose keys and values are flat objects, as all tables of offsets are. A quote follows the
# braces, which cannot be inside a string: there it would be escaped.
_TABLE = re.compile(r'\{((?:\{"[^{}]*\}:\{[^{}]*\},?)+)\}')
_PAIR = re.compile(r"(\{[^{}]*\}):(\{[^{}]*\})")

Source = Union[bytes, bytearray, str]


def parse_lenient(source: Source) -> Any:
    """The value in `source`. Raises ValueError when it is no JSON even by fastjson's rules."""
    text = source if isinstance(source, str) else bytes(source).decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        pass
    # The decoder of the standard library is many times as fast as the one below, and a broker with
    # a thousand groups answers with megabytes.
    if '{{"' in text:
        try:
            return json.loads(_TABLE.sub(_as_list, text))
        except ValueError:
            pass
    value, end = _value(text, _skip(text, 0))
    if _skip(text, end) != len(text):
        raise ValueError(f"unexpected text at position {end} of a RocketMQ answer")
    return value


def parse_object(body: bytes) -> Dict[str, Any]:
    """The JSON object in an answer's body; RemotingError when it is none. Empty means empty."""
    if not body.strip():
        return {}
    try:
        value = parse_lenient(body)
    except (ValueError, RecursionError) as error:
        raise RemotingError(f"an answer cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise RemotingError("an answer is not an object")
    return value


def _as_list(table: Match[str]) -> str:
    return "[" + _PAIR.sub(r"[\1,\2]", table.group(1)) + "]"


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int) -> Tuple[Any, int]:
    opening = text[at : at + 1]
    if opening == "{":
        return _object(text, _skip(text, at + 1))
    if opening == "[":
        return _array(text, _skip(text, at + 1))
    return _DECODER.raw_decode(text, at)


def _array(text: str, at: int) -> Tuple[List[Any], int]:
    items: List[Any] = []
    if text[at : at + 1] == "]":
        return items, at + 1
    while True:
        item, at = _value(text, at)
        items.append(item)
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return items, at + 1
        at = _expect(text, at, ",")


def _object(text: str, at: int) -> Tuple[Any, int]:
    members: Dict[str, Any] = {}
    pairs: List[List[Any]] = []
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        key, at = _key(text, at)
        value, at = _value(text, _expect(text, _skip(text, at), ":"))
        if isinstance(key, str):
            members[key] = value
        else:
            pairs.append([key, value])
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            return (pairs if pairs else members), at + 1
        at = _expect(text, at, ",")


def _key(text: str, at: int) -> Tuple[Any, int]:
    opening = text[at : at + 1]
    if opening == '"':
        return _DECODER.raw_decode(text, at)
    if opening in ("{", "["):
        return _value(text, at)
    match = _BARE.match(text, at)
    if match is None:
        raise ValueError(f"expected a key at position {at} of a RocketMQ answer")
    return match.group(), match.end()


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise ValueError(f"expected '{sign}' at position {at} of a RocketMQ answer")
    return _skip(text, at + 1)
