"""Prometheus' text format."""

import math
from typing import Dict, Optional, Sequence, Tuple

from .packed import Packed, Packer, pack

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Far above any cluster that one exporter should serve: a thousand topics and groups on each of a
# hundred masters are 800,000. It keeps a runaway number of topics from taking the machine's time.
MAX_SERIES = 1000000

# Lines that are kept as text before they are compressed.
_LINES = 1000


class Family:
    """One metric: its name, what it is, its labels."""

    def __init__(self, name: str, text: str, labels: Sequence[str], kind: str = "gauge") -> None:
        self.name = name
        self.text = text
        self.labels = tuple(labels)
        self.kind = kind


class _Block:
    """A family's lines; many are compressed as they come."""

    def __init__(self, family: Family) -> None:
        self._lines = [
            f"# HELP {family.name} {_escape_help(family.text)}",
            f"# TYPE {family.name} {family.kind}",
        ]
        self._packer: Optional[Packer] = None

    def add(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= _LINES:
            self._packer = self._packer or Packer()
            self._packer.add("\n".join(self._lines) + "\n")
            self._lines.clear()

    def end(self) -> Tuple[str, Packed]:
        """What is not compressed yet, or all of it compressed."""
        text = "".join(f"{line}\n" for line in self._lines)
        self._lines.clear()
        if self._packer is None:
            return text, Packed()
        self._packer.add(text)
        return "", self._packer.end()


class Page:
    """Collects samples by family and renders them."""

    def __init__(self, max_series: int = MAX_SERIES) -> None:
        self._blocks: Dict[str, _Block] = {}
        self._max = max_series
        self._count = 0
        self.dropped = 0
        # The labels that were rendered last: often several families have the same, in a row.
        self._names: Sequence[str] = ()
        self._values: Sequence[str] = ()
        self._labels = ""

    def add(self, family: Family, values: Sequence[str], number: float) -> None:
        """One series. `values` are those of the family's labels, in their order."""
        if self._count >= self._max:
            self.dropped += 1
            return
        self._count += 1
        if values is not self._values or family.labels is not self._names:
            self._names, self._values = family.labels, values
            pairs = ",".join(f'{key}="{escape(value)}"' for key, value in zip(self._names, values))
            self._labels = f"{{{pairs}}}" if pairs else ""
        block = self._blocks.get(family.name)
        if block is None:
            block = self._blocks[family.name] = _Block(family)
        block.add(f"{family.name}{self._labels} {render(number)}")

    def __len__(self) -> int:
        return self._count

    def end(self) -> Packed:
        """The page, each family's lines together; nothing may be added after."""
        ends = [block.end() for block in self._blocks.values()]
        self._blocks.clear()
        return sum((large for _, large in ends), pack("".join(small for small, _ in ends)))


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
