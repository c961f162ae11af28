"""The half of a step that does it: a transient unit of the host, under the host's lock."""

import os
import sys
import time
import traceback
from typing import Any, Dict, Optional, Tuple

from .errors import ExitCode, StepError
from .front import failure
from .lock import HostLock
from .progress import say
from .steps import Context, run_step
from .system.files import read_json, write_json


def work(folder: str) -> int:
    """Do the step that was spooled in `folder`, and leave its outcome there."""
    _redirect(os.path.join(folder, "progress.log"))
    os.umask(0o022)
    step = read_json(os.path.join(folder, "step.json"))
    assert step is not None, f"{folder}/step.json is missing"
    outcome = _attempt(step, Queue(os.path.dirname(folder), step["document"]))
    # Last, since the front takes it for the end of the step.
    write_json(os.path.join(folder, "outcome.json"), outcome, mode=0o600)
    return int(outcome["code"])


class Queue:
    """Steps that were spooled on this host, seen from one of them before it waits for its turn.

    A step outlives the engine that began it. If another one of the same node came while it waited,
    an update that was begun later does that, and may have done it already.
    """

    def __init__(self, folder: str, document: Dict[str, Any]) -> None:
        self._folder = folder
        self._subject = _subject(document)
        # Not by their times: clocks are set back.
        self._before = set(os.listdir(folder))

    def check(self) -> None:
        """Refuse a step that another one has overtaken."""
        there = os.listdir(self._folder) if os.path.isdir(self._folder) else []
        for name in sorted(set(there) - self._before):
            step = read_json(os.path.join(self._folder, name, "step.json"))
            if step is not None and self._subject and _subject(step["document"]) == self._subject:
                raise StepError(
                    ExitCode.LOCKED,
                    f"{self._subject[1]}: a later step of it ({step['verb']}) came while this one"
                    " waited, so this one did nothing",
                    "Run pulumi up again: it does what is still to be done.",
                )


def _subject(document: Dict[str, Any]) -> Optional[Tuple[str, str]]:
    node = document.get("node")
    return (str(document["cluster"]), str(node)) if node else None


def _attempt(step: Dict[str, Any], queue: Queue) -> Dict[str, Any]:
    verb, document = step["verb"], step["document"]
    since = time.strftime("%H:%M:%S UTC", time.gmtime(step["began"]))
    owner = f"{verb} of {document.get('node', document['host'])}, started at {since}"
    try:
        with HostLock(owner):
            queue.check()
            result = run_step(verb, document, Context(step["home"], step["agent"]))
        return {"code": 0, "result": result.to_document(time.time() - step["began"])}
    except StepError as error:
        return failure(error)
    except Exception:  # a bug of ours: the log keeps the traceback
        say(traceback.format_exc())
        return {
            "code": int(ExitCode.INTERNAL),
            "message": traceback.format_exc().splitlines()[-1],
            "remedy": "This is a fault in the agent; its log on the host has the traceback:"
            " /var/lib/rocketmq-agent/steps",
        }


def _redirect(path: str) -> None:
    """Have everything that this process or its children print go to the step's log."""
    sys.stdout.flush()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
