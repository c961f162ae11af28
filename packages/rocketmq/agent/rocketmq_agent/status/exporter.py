"""Whether the metrics are served, looking at their content: a 200 alone may be empty."""

import re
import urllib.request
from typing import Any, Dict

from .words import reason

_TIMEOUT = 4.0
# The first lines tell; a page of a large cluster has tens of megabytes.
_ENOUGH = 64 * 1024 * 1024
_AGE = re.compile(rb"^rocketmq_exporter_snapshot_age_seconds ([\d.]+)", re.MULTILINE)


def ask_exporter(url: str) -> Dict[str, Any]:
    """Its state, and how old what it serves is (the built-in one tells)."""
    # The exporter is in our own network, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_TIMEOUT) as response:
            page = response.read(_ENOUGH)
    except (OSError, ValueError) as error:
        return {"url": url, "up": False, "error": reason(error, url)}
    if b"rocketmq_" not in page:
        return {"url": url, "up": False, "error": "serves no series of a cluster"}
    age = _AGE.search(page)
    return dict({"url": url, "up": True}, **({"snapshotAge": float(age.group(1))} if age else {}))
