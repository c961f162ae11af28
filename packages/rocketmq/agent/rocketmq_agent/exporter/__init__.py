"""A Prometheus exporter for RocketMQ 4.9 to 5.5, without a JVM.

Series are named as Apache's exporter names them. The figures are collected in the background and
served from memory, so that a scrape neither waits for a broker nor asks one.
"""

import argparse
import signal
import sys
import threading
from typing import List, Optional

from ..progress import say
from .http import Server
from .service import Service
from .settings import SettingsError, load

_BAD_SETTINGS = 64


def main(argv: Optional[List[str]] = None) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit code."""
    parser = argparse.ArgumentParser(prog="rocketmq-agent exporter-serve", description=__doc__)
    parser.add_argument("--config", required=True, metavar="FILE", help="settings as JSON")
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    try:
        service = Service(load(arguments.config), file=arguments.config)
        server = Server(service)
    except SettingsError as error:
        say(str(error))
        return _BAD_SETTINGS
    except OSError as error:
        say(f"port {service.settings.port}: {error.strerror}")
        return 1
    _stop_on_signal(server)
    service.start()
    say(f"serving {service.settings.path} on port {service.settings.port}")
    try:
        server.serve_forever(poll_interval=0.25)
    finally:
        service.stop()
        server.server_close()
    return 0


def _stop_on_signal(server: Server) -> None:
    def stop(*_: object) -> None:
        # shutdown() waits for serve_forever(), which runs in the thread that takes the signal.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, stop)
