"""The exporter's configuration file."""

import json
from typing import Any, List, NamedTuple

from .text import MAX_SERIES

DEFAULT_PORT = 5557
DEFAULT_PATH = "/metrics"
DEFAULT_INTERVAL = 15.0


class Settings(NamedTuple):
    """What an exporter is told."""

    # Addresses (host:port) of every name server.
    namesrv: List[str]
    # Brokers of other clusters on the same name servers are left out; empty: all.
    cluster: str
    port: int
    path: str
    # Seconds from the start of one collection to that of the next.
    interval: float
    # More than that are left out.
    max_series: int = MAX_SERIES


class SettingsError(Exception):
    """The file is not one that an exporter can run with."""


def load(path: str) -> Settings:
    """Reads and checks the file. Members that we do not know are let through."""
    try:
        with open(path, encoding="utf-8") as file:
            value: Any = json.load(file)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: must be an object")
    namesrv = value.get("namesrv")
    if not isinstance(namesrv, list) or not namesrv or not all(isinstance(n, str) for n in namesrv):
        raise SettingsError(f"{path}: namesrv must be a list of host:port")
    metrics = value.get("path", DEFAULT_PATH)
    if not isinstance(metrics, str) or not metrics.startswith("/") or metrics in ("/", "/healthz"):
        raise SettingsError(f"{path}: path must begin with / and be neither / nor /healthz")
    return Settings(
        namesrv,
        str(value.get("cluster") or ""),
        int(_number(path, value, "port", DEFAULT_PORT, 1, 65535)),
        metrics,
        _number(path, value, "interval", DEFAULT_INTERVAL, 1, 3600),
        int(_number(path, value, "maxSeries", MAX_SERIES, 1, 100 * MAX_SERIES)),
    )


def _number(path: str, value: Any, key: str, default: float, low: float, high: float) -> float:
    number = value.get(key, default)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise SettingsError(f"{path}: {key} must be a number")
    if not low <= number <= high:
        raise SettingsError(f"{path}: {key} must be from {low} to {high}")
    return float(number)
