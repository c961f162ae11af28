"""The half of a step that talks to the caller over SSH.

It starts the other half (worker.py) as a transient unit of the host and shows what that one does.
If the connection is cut or the caller dies, only this half goes with it; the step runs to its end.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import traceback
from typing import Any, Dict, List, Optional

from . import library, state
from .document import parse
from .errors import ExitCode, StepError
from .steps import DIRECT, Context, Document, run_step
from .system.files import read_json, remove_tree, write_json

# How often the worker's files are looked at: often enough not to be what a short step waits for.
_POLL_SECONDS = 0.01
# How often systemd is asked whether the worker still runs.
_ALIVE_SECONDS = 2
# Steps whose documents and logs are kept on the host.
_KEEP_STEPS = 40


def front(verb: str, program: str, agent: str, digest: str, home: Optional[str]) -> int:
    """Read the document, have the step done, print its result; returns the exit code."""
    start = time.monotonic()
    host = ""
    try:
        document = parse(verb, sys.stdin.buffer.read().decode("utf-8"))
        host = document["host"]
        if verb in DIRECT:
            result = run_step(verb, document, Context(home or "", agent))
            outcome = {"code": 0, "result": result.to_document(time.monotonic() - start)}
        else:
            outcome = _in_worker(verb, document, program, agent, digest, home or "", start)
    except StepError as error:
        outcome = failure(error)
    except BrokenPipeError:
        # Nobody listens any more; the worker goes on by itself.
        return ExitCode.INTERNAL
    except Exception:  # a bug of ours
        outcome = {"code": int(ExitCode.INTERNAL), "message": traceback.format_exc()}
    return report(verb, host, outcome)


def failure(error: StepError) -> Dict[str, Any]:
    """A StepError as the worker hands it to the front."""
    return {
        "code": int(error.code),
        "message": error.message,
        "remedy": error.remedy,
        "details": error.details,
    }


def report(verb: str, host: str, outcome: Dict[str, Any]) -> int:
    """Print the outcome: a result on stdout, its warnings or a failure on stderr."""
    if outcome["code"] == 0:
        # Pulumi shows stderr alone.
        warnings = outcome["result"].get("warnings") or []
        _tell("".join(f"warning: {text}\n" for text in warnings))
        sys.stdout.write(json.dumps(outcome["result"]) + "\n")
        sys.stdout.flush()
        return 0
    name = os.uname().nodename
    where = f"{host} ({name})" if host and host != name else host or name
    lines = [f"{where}: {verb} failed: {outcome['message']}"]
    lines += [f"  {line}" for line in outcome.get("details") or []]
    if outcome.get("remedy"):
        lines.append(f"  What to do: {outcome['remedy']}")
    _tell("\n".join(lines) + "\n")
    return int(outcome["code"])


def _in_worker(
    verb: str,
    document: Document,
    program: str,
    agent: str,
    digest: str,
    home: str,
    start: float,
) -> Dict[str, Any]:
    if os.geteuid() != 0:
        raise StepError(
            ExitCode.UNPREPARED, "the agent must run as root", "Start it with sh, not with python."
        )
    state.ensure()
    code = library.install(agent, digest) if digest else program
    folder = _spool(verb, document, code, home, time.time() - (time.monotonic() - start))
    outcome = _watch(folder, _start(code, folder, verb, document))
    if verb == "host-delete" and outcome["code"] == 0 and not os.path.exists(state.path("lib")):
        # The worker left only this: what it had to tell.
        remove_tree(state.ROOT)
    return outcome


def _spool(verb: str, document: Document, code: str, home: str, began: float) -> str:
    name = f"{verb}-{document.get('node', 'host')}"
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    folder = state.path("steps", f"{stamp}-{name}-{os.getpid()}")
    os.mkdir(folder, 0o700)
    own = os.path.join(code, library.AGENT_FILE)
    step = {"verb": verb, "document": document, "home": home, "agent": own, "began": began}
    write_json(os.path.join(folder, "step.json"), step, mode=0o600)
    with open(os.path.join(folder, "progress.log"), "wb"):
        pass
    _prune()
    return folder


def _prune() -> None:
    steps = sorted(os.listdir(state.path("steps")))
    for name in steps[:-_KEEP_STEPS]:
        if os.path.exists(state.path("steps", name, "outcome.json")):
            # Another step of the host may be removing the same one.
            shutil.rmtree(state.path("steps", name), ignore_errors=True)


class _Worker:
    """The process that does the step."""

    def __init__(self, unit: str, process: Optional["subprocess.Popen[bytes]"]) -> None:
        self._unit = unit
        self._process = process

    def runs(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        asked = subprocess.run(
            ["systemctl", "is-active", self._unit], stdout=subprocess.PIPE, check=False
        )
        # Of a manager that is too busy to answer nothing comes.
        return asked.stdout.decode().strip() not in ("inactive", "failed", "unknown")


def _start(code: str, folder: str, verb: str, document: Document) -> _Worker:
    command = [sys.executable, "-I", "-S", code, "--work", folder]
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", os.path.basename(folder).split("-", 1)[1])
    unit = f"rocketmq-agent-{name}.service"
    what = f"{verb} of {document.get('node', document['host'])} (RocketMQ cluster"
    try:
        done = subprocess.run(
            [
                "systemd-run",
                "--quiet",
                "--collect",
                f"--unit={unit}",
                f"--description={what} {document['cluster']})",
                *command,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode == 0:
            return _Worker(unit, None)
    except FileNotFoundError:
        pass
    # Without systemd-run a session of its own does: it outlives the connection all the same.
    return _Worker(
        unit,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ),
    )


def _watch(folder: str, worker: _Worker) -> Dict[str, Any]:
    """Show the worker's progress until it has left its outcome."""
    outcome = os.path.join(folder, "outcome.json")
    asked = time.monotonic()
    with open(os.path.join(folder, "progress.log"), "rb") as progress:
        while True:
            ended = os.path.exists(outcome)
            _show(progress.read())
            if ended:
                return read_json(outcome) or {"code": 1, "message": f"{outcome} is unreadable"}
            if time.monotonic() - asked > _ALIVE_SECONDS:
                if not worker.runs() and not os.path.exists(outcome):
                    return _vanished(folder)
                asked = time.monotonic()
            time.sleep(_POLL_SECONDS)


def _vanished(folder: str) -> Dict[str, Any]:
    return {
        "code": int(ExitCode.INTERNAL),
        "message": f"the step was killed before it had ended (its log: {folder}/progress.log)",
        "remedy": "See with journalctl why (out of memory, shutdown), then run again.",
        "details": _last_lines(os.path.join(folder, "progress.log"), 5),
    }


def _last_lines(path: str, count: int) -> List[str]:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()[-count:]


def _show(text: bytes) -> None:
    if text:
        sys.stderr.buffer.write(text)
        sys.stderr.buffer.flush()


def _tell(text: str) -> None:
    _show(text.encode("utf-8", "replace"))
