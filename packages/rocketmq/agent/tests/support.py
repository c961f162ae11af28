"""What several tests need: sample documents, and an agent whose state is in a temporary folder."""

import json
import os
import tempfile
import unittest
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent import state
from rocketmq_agent.system import systemd
from rocketmq_agent.system.commands import Finished

DOCUMENTS = os.path.join(os.path.dirname(__file__), "documents")


def document(name: str) -> Dict[str, Any]:
    with open(os.path.join(DOCUMENTS, f"{name}.json"), encoding="utf-8") as file:
        loaded: Dict[str, Any] = json.load(file)
        return loaded


def _no_systemd(command: List[str], _: float = 0.0) -> Finished:
    return Finished(1, f"unit tests have no {command[0]}")


class InFolder(unittest.TestCase):
    """A test with a folder of its own, which also holds the agent's state and systemd's units.

    The machine that runs the tests keeps its own: no systemctl is ever called.
    """

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.mkdir(self.path("units"))
        for module, name, replacement in (
            (state, "ROOT", self.path("state")),
            (systemd, "FOLDER", self.path("units")),
            (systemd, "run", _no_systemd),
        ):
            patch = mock.patch.object(module, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)
        state.ensure()

    def path(self, *parts: str) -> str:
        return os.path.join(self.folder, *parts)

    def write(self, name: str, text: str) -> str:
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path
