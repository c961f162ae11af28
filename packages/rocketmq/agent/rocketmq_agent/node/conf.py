"""broker.conf and namesrv.conf: Java properties."""

from typing import Dict

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def render(conf: Dict[str, str], owner: str) -> str:
    """The content of the file, keys sorted so that the same values give the same file."""
    head = (
        f"# Rendered by the RocketMQ host agent for {owner}. Changes belong in the Pulumi\n"
        "# program: the next rolling restart writes this file anew.\n"
    )
    return head + "".join(f"{_key(key)}={escape(conf[key])}\n" for key in sorted(conf))


def _key(text: str) -> str:
    escaped = escape(text)
    for sign in "=: #!":
        escaped = escaped.replace(sign, "\\" + sign)
    return escaped


def escape(text: str) -> str:
    """As java.util.Properties reads it: Latin-1, backslash escapes, leading blanks dropped."""
    escaped = "".join(_character(sign) for sign in text)
    return "\\" + escaped if escaped.startswith(" ") else escaped


def _character(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if " " <= sign <= "~":
        return sign
    units = sign.encode("utf-16-be")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs)
