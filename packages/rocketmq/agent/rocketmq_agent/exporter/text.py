"""Prometheus' text format."""

import math
from typing import Dict, List, Sequence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Far above any cluster that one exporter should serve; keeps a runaway number of topics from
# taking the machine's memory (about 200 bytes a series).
MAX_SERIES = 300000


class Family:
    """One metric: its name, what it is, its labels."""

    def __init__(self, name: str, text: str, labels: Sequence[str], kind: str = "gauge") -> None:
        self.name = name
        self.text = text
        self.labels = tuple(labels)
        self.kind = kind


class Page:
    """Collects samples by family and renders them."""

    def __init__(self, max_series: int = MAX_SERIES) -> None:
        self._samples: Dict[str, List[str]] = {}
        self._families: Dict[str, Family] = {}
        self._left = max_series
        self.dropped = 0

    def add(self, family: Family, values: Sequence[str], number: float) -> None:
        """One series. `values` are those of the family's labels, in their order."""
        if self._left <= 0:
            self.dropped += 1
            return
        self._left -= 1
        self._families.setdefault(family.name, family)
        pairs = zip(family.labels, values)
        labels = ",".join(f'{name}="{escape(value)}"' for name, value in pairs)
        series = f"{family.name}{{{labels}}}" if labels else family.name
        self._samples.setdefault(family.name, []).append(f"{series} {render(number)}")

    def __len__(self) -> int:
        return sum(len(lines) for lines in self._samples.values())

    def text(self) -> str:
        """The page, families in the order in which they were first seen."""
        lines: List[str] = []
        for name, family in self._families.items():
            lines.append(f"# HELP {name} {_escape_help(family.text)}")
            lines.append(f"# TYPE {name} {family.kind}")
            lines += self._samples[name]
        return "\n".join(lines) + "\n" if lines else ""


def escape(value: str) -> str:
    """A label's value: backslash, quote and line break escaped."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def render(number: float) -> str:
    """A number; whole ones without exponent, so that offsets stay readable and exact."""
    if isinstance(number, int):
        return str(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _escape_help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
