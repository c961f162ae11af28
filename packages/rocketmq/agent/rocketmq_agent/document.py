"""Reading and checking the JSON document of a step.

Only the shape is checked: that each member is there and has its type. What the values mean was
checked where they were decided. Unknown members are let through, so that a newer library can add
what an older agent need not know.
"""

import json
from typing import Any, Dict, List

from . import DOCUMENT_FORMAT
from .errors import ExitCode, StepError
from .shapes import SHAPES, Each, Maybe

_TYPE_NAMES = {str: "a string", int: "an integer", bool: "true or false", dict: "an object"}


def parse(verb: str, text: str) -> Dict[str, Any]:
    """The document of `verb`, or a StepError that lists everything wrong with it."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise StepError(
            ExitCode.BAD_DOCUMENT,
            f"the document of {verb} is not JSON: {error}",
            "This command is run by the library, which writes the document to its input.",
        ) from error
    if isinstance(document, dict) and document.get("format") != DOCUMENT_FORMAT:
        raise StepError(
            ExitCode.BAD_DOCUMENT,
            f"the document has format {document.get('format')!r},"
            f" this agent reads {DOCUMENT_FORMAT}",
            "The agent on this host is of another release than the library: upload it again"
            " (pulumi up --replace on its upload resource).",
        )
    faults = check(document, SHAPES[verb], "document")
    if faults:
        raise StepError(
            ExitCode.BAD_DOCUMENT, f"the document of {verb} is not well formed", details=faults
        )
    assert isinstance(document, dict)
    return document


def check(value: Any, shape: Any, path: str) -> List[str]:
    """What differs between a value and its shape, one line each."""
    if isinstance(shape, Maybe):
        return check(value, shape.shape, path)
    if isinstance(shape, Each):
        return _check_each(value, shape, path)
    if isinstance(shape, dict):
        return _check_members(value, shape, path)
    # bool is an int to Python, but not to JSON.
    right = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    return [] if right else [f"{path}: must be {_TYPE_NAMES[shape]}"]


def _check_each(value: Any, shape: Each, path: str) -> List[str]:
    kind = dict if shape.keyed else list
    if not isinstance(value, kind):
        return [f"{path}: must be {'an object' if shape.keyed else 'a list'}"]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [fault for key, item in items for fault in check(item, shape.shape, f"{path}[{key}]")]


def _check_members(value: Any, shape: Dict[str, Any], path: str) -> List[str]:
    if not isinstance(value, dict):
        return [f"{path}: must be an object"]
    faults: List[str] = []
    for name, member in shape.items():
        if name in value:
            faults += check(value[name], member, f"{path}.{name}")
        elif not isinstance(member, Maybe):
            faults.append(f"{path}.{name}: is missing")
    return faults
