"""The list of series that alert rules, dashboards and docs are checked against is the exporter's.

After a change of the exporter: `PYTHONPATH=.:tests python3 tests/test_series_list.py` in `agent/`
writes the list again.
"""

import json
import os
import unittest
from typing import Any, Dict, List

from rocketmq_agent.exporter import families, runtime
from rocketmq_agent.exporter.text import Family

LIST = os.path.join(os.path.dirname(__file__), "..", "..", "observability", "series.json")


def current() -> List[Dict[str, Any]]:
    """Every family that the exporter can serve."""
    found = [one for one in vars(families).values() if isinstance(one, Family)]
    # A broker that tells all there is; which numbers does not matter.
    table = {
        "commitLogDirCapacity": "Total : 2.0 GiB, Free : 1.0 GiB.",
        "remainHowManyDataToFlush": "0 B",
    }
    keys = [
        key for attribute in ("_PLAIN", "_LATENCIES") for key in vars(runtime)[attribute].values()
    ]
    found += [family for family, _ in runtime.series({**dict.fromkeys(keys, "1"), **table})]
    return [
        {"name": one.name, "kind": one.kind, "labels": list(one.labels), "help": one.text}
        for one in found
    ]


class SeriesList(unittest.TestCase):
    def test_it_is_current(self) -> None:
        with open(LIST, encoding="utf-8") as file:
            self.assertEqual(json.load(file), current())


if __name__ == "__main__":
    with open(LIST, "w", encoding="utf-8") as output:
        lines = ",\n".join("  " + json.dumps(one) for one in current())
        output.write(f"[\n{lines}\n]\n")
