"""The file of an adopted broker, which is not ours to render: single keys are changed in it."""

import re
from typing import Mapping, Optional

from ..node import conf
from ..system.files import read_text, rewrite


def write(path: str, keys: Mapping[str, Optional[str]]) -> None:
    """Give keys these values, or take them out; the file stays its owner's."""
    text = read_text(path) if path else None
    if text is None:
        return
    changed = edit(text, keys)
    if changed != text:
        rewrite(path, changed)


def edit(text: str, keys: Mapping[str, Optional[str]]) -> str:
    """The text with these keys changed, each where it stood, new ones at the end."""
    for key, value in keys.items():
        line = "" if value is None else f"{key}={conf.escape(value)}\n"
        pattern = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*[=:].*(?:\n|\Z)", re.MULTILINE)
        if pattern.search(text):
            text = pattern.sub(lambda _, line=line: line, text)  # type: ignore[misc]
        elif value is not None:
            text += ("" if text.endswith("\n") or not text else "\n") + line
    return text
