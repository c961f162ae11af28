"""What several tests need: sample documents, and an agent whose state is in a temporary folder."""

import json
import os
import tempfile
import unittest
from typing import Any, Dict
from unittest import mock

from rocketmq_agent import state

DOCUMENTS = os.path.join(os.path.dirname(__file__), "documents")


def document(name: str) -> Dict[str, Any]:
    with open(os.path.join(DOCUMENTS, f"{name}.json"), encoding="utf-8") as file:
        loaded: Dict[str, Any] = json.load(file)
        return loaded


class InFolder(unittest.TestCase):
    """A test with a folder of its own, which also holds the agent's state."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        patch = mock.patch.object(state, "ROOT", os.path.join(self.folder, "state"))
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
