"""Sizes as brokers write them for people."""

import re
from typing import List

_SIZE = re.compile(r"([\d.]+)\s*([KMGTPE]?)i?B")


def byte_sizes(text: str) -> List[float]:
    """Sizes written for people (`Total : 252.0 GiB, Free : 58.9 GiB.`), in bytes."""
    return [
        float(number) * 1024 ** ("KMGTPE".index(unit) + 1 if unit else 0)
        for number, unit in _SIZE.findall(text)
    ]
