"""Documents are checked before anything is done."""

import json
import os
import unittest

from rocketmq_agent.document import parse
from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.shapes import SHAPES
from rocketmq_agent.steps import VERBS
from support import DOCUMENTS, document

_VERB_OF = {
    "host": ("host", "host-delete"),
    "exporter": ("exporter", "exporter-delete", "exporter-purge"),
    "namesrv-0-config": ("namesrv-config", "namesrv-delete", "namesrv-purge"),
    "namesrv-0-rollout": ("namesrv-rollout", "leave"),
    "broker-a-0-config": ("broker-config", "broker-delete", "broker-purge"),
    "broker-a-0-may-go": ("broker-may-go",),
    "broker-a-0-decommission": ("broker-may-go", "broker-decommission"),
    "broker-a-1-rollout": ("broker-rollout", "broker-delete"),
}


class Documents(unittest.TestCase):
    def failure(self, verb: str, text: str) -> StepError:
        with self.assertRaises(StepError) as caught:
            parse(verb, text)
        self.assertEqual(caught.exception.code, ExitCode.BAD_DOCUMENT)
        return caught.exception

    def test_samples_are_well_formed(self) -> None:
        for name, verbs in _VERB_OF.items():
            for verb in verbs:
                with self.subTest(name=name, verb=verb):
                    self.assertEqual(parse(verb, json.dumps(document(name))), document(name))

    def test_every_sample_is_json(self) -> None:
        for name in os.listdir(DOCUMENTS):
            self.assertEqual(document(name[: -len(".json")])["format"], 1)

    def test_every_verb_has_a_shape(self) -> None:
        self.assertEqual(set(SHAPES), set(VERBS))

    def test_everything_wrong_at_once(self) -> None:
        broken = document("broker-a-0-config")
        del broken["cluster"]
        broken["release"]["conf"]["listenPort"] = 10911
        broken["release"]["unit"]["nofile"] = True
        broken["topics"]["ORDERS"] = []
        self.assertEqual(
            sorted(self.failure("broker-config", json.dumps(broken)).details),
            [
                "document.cluster: is missing",
                "document.release.conf[listenPort]: must be a string",
                "document.release.unit.nofile: must be an integer",
                "document.topics[ORDERS]: must be an object",
            ],
        )

    def test_not_json(self) -> None:
        self.assertIn("is not JSON", self.failure("host", "{").message)

    def test_another_format(self) -> None:
        self.assertIn("format 2", self.failure("host", '{"format": 2}').message)

    def test_members_of_a_newer_library_are_let_through(self) -> None:
        newer = document("host")
        newer["somethingNew"] = {"a": 1}
        self.assertEqual(parse("host", json.dumps(newer)), newer)
