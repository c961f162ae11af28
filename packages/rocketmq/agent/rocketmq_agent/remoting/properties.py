"""Configuration as it travels: lines of `key=value`.

What we send is read by Java's Properties.load: a backslash escapes and bytes are Latin-1.
What we get is written by RocketMQ without any escaping.
"""

from typing import Dict, List, Mapping

from .errors import RemotingError

_TRUTH = ("true", "false")


def to_properties(changes: Mapping[str, str]) -> bytes:
    """The body of an update request."""
    return "".join(
        f"{_escape(key, key)}={_escape(key, value)}\n" for key, value in sorted(changes.items())
    ).encode("ascii")


def from_properties(body: bytes) -> Dict[str, str]:
    """The keys and values of an answer."""
    pairs = (line.partition("=") for line in body.decode("utf-8", "replace").splitlines())
    return {key.strip(): value.strip() for key, sign, value in pairs if sign}


def same_value(one: str, other: str) -> bool:
    """Whether two spellings mean the same to RocketMQ (`TRUE` and `true`, `010` and `10`)."""
    one, other = one.strip(), other.strip()
    if one == other:
        return True
    if one.lower() in _TRUTH:
        return one.lower() == other.lower()
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _escape(key: str, text: str) -> str:
    if "\n" in text or "\r" in text or "\0" in text:
        raise RemotingError(f"the value of {key} has a line break")
    escaped = text.replace("\\", "\\\\")
    if escaped.startswith((" ", "\t")):
        escaped = "\\" + escaped
    return "".join(sign if ord(sign) < 128 else "".join(_units(sign)) for sign in escaped)


def _units(sign: str) -> List[str]:
    code = sign.encode("utf-16-be")
    return [f"\\u{code[at]:02x}{code[at + 1]:02x}" for at in range(0, len(code), 2)]
