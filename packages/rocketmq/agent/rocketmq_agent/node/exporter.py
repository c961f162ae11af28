"""The step of an exporter: one step, since restarting it costs no message."""

import http.client
import os
import re
import sys
import time
import urllib.request
from typing import Any, Dict, List, Optional

from ..adopt import old_unit
from ..errors import ExitCode, StepError
from ..host import java
from ..host.checksum import of_file
from ..progress import say
from ..result import Result
from ..steps import Context, Document
from ..system import systemd
from ..system.files import make_folder, remove_tree, unlink, write_json, write_text
from . import drift, gate, jvm, lifecycle, pins, release, unit
from .lifecycle import Server
from .node import Node

# What a running exporter depends on; the rest of the document only names it.
KEYS = ("source", "namesrv", "port", "path", "interval", "unit", "jar")
# What a collection may take beyond its interval.
_FOLLOW_SECONDS = 15.0
# With a longer one a restart is the shorter way.
_FOLLOW_INTERVAL = 60
# An exporter of somebody else's has nothing to lose.
_OLD_STOP_SECONDS = 30
_NAMESRV_UP = re.compile(r'^rocketmq_exporter_namesrv_up\{[^}]*"([^"]+)"\}', re.MULTILINE)
_AGENT, _JAR, _SETTINGS = "rocketmq-agent", "exporter.jar", "exporter.json"


def apply(document: Document, context: Context) -> Result:
    """Start the exporter, or restart it with what changed."""
    result = Result()
    node = Node(document, document["unit"]["name"])
    server = Server(node, lambda: _check(document), [], None)
    resolved = _resolve(node, document, result)
    running = release.current(node)
    changed = _differences(running, document, resolved)
    if node.was_ready and running and document.get("reconcile"):
        changed += _repair(server, running, result)
    if node.was_ready and not changed:
        lifecycle.settle(server, result)
    elif node.was_ready and _followed(node, document, running, changed):
        result.changed.append("name servers changed, without a restart")
    else:
        node.make_folders()
        number = _write(node, document, resolved, context)
        if node.was_ready:
            say(f"{node.name}: changed: {', '.join(changed)}")
            lifecycle.switch(server, number, result)
            result.changed.append(f"restarted: {', '.join(changed)} changed")
        elif document.get("adopt"):
            _replace_old(server, number, result)
        else:
            lifecycle.first_start(server, number, result)
    node.save()
    result.facts["endpoint"] = f"http://{document['address']}{document['path']}"
    return result


def _replace_old(server: Server, number: str, result: Result) -> None:
    """Start it in the place of an exporter that somebody else set up, which costs no message.

    The old one is put back if ours does not start.
    """
    node = server.node
    old = old_unit.describe(node.own_unit)
    if not old["text"] or old["text"].startswith(systemd.MARK):
        lifecycle.first_start(server, number, result)
        return
    ran = systemd.state(node.own_unit).active == "active"
    # Its process may be any child of the unit's shell.
    old_unit.stop(node.own_unit, _OLD_STOP_SECONDS)
    node.record["adopted"] = old
    try:
        lifecycle.first_start(server, number, result)
    except StepError:
        lifecycle.remove_unit(node.own_unit, None)
        old_unit.take_up(old)
        systemd.reload()
        if ran:
            systemd.start(node.own_unit)
        raise
    result.changed.append(f"the exporter that unit {old['unit']} ran was stopped")


def _resolve(node: Node, document: Document, result: Result) -> Dict[str, Any]:
    """What depends on the host: Java and memory, for a jar."""
    jar = document.get("jar")
    if not jar:
        return {}
    running = release.current(node)
    pinned = str(running.resolved.get("javaHome", "")) if running else ""
    found = java.required(jar["java"], pinned)
    sizes: pins.Pins = node.record.setdefault("pins", {})
    resolved: Dict[str, Any] = {"javaHome": found.home, "javaMajor": found.major}
    resolved["heapMb"] = pins.resolve("heap", jar["jvm"]["heap"], sizes)
    direct = pins.resolve("direct", jar["jvm"].get("direct"), sizes)
    if direct is not None:
        resolved["directMb"] = direct
    result.facts.update(javaHome=found.home, heapMb=str(resolved["heapMb"]))
    return resolved


def _differences(
    running: Optional[release.Release], document: Document, resolved: Dict[str, Any]
) -> List[str]:
    if running is None:
        return ["everything"]
    found = [key for key in KEYS if running.document.get(key) != document.get(key)]
    return found + (["java or memory"] if running.resolved != resolved else [])


def _repair(server: Server, running: release.Release, result: Result) -> List[str]:
    """Put back what needs no restart; what needs one, one phrase each."""
    node = server.node
    if not release.is_whole(node, running):
        return ["its release is gone"]
    lifecycle.restore(server, result)
    state = systemd.state(node.unit)
    wrong = drift.process(node, running, state.pid) if state.running else []
    return missing_files(node, running) + [one.what for one in wrong]


def missing_files(node: Node, running: release.Release) -> List[str]:
    """Files of a release that the process was started from and that are gone."""
    folder = os.path.join(node.releases, str(running.number))
    names = [_JAR] if running.document.get("jar") else [_AGENT, _SETTINGS]
    paths = (os.path.join(folder, name) for name in names)
    return [path for path in paths if not os.path.exists(path)]


def _followed(
    node: Node, document: Document, running: Optional[release.Release], changed: List[str]
) -> bool:
    """Have the built-in exporter that runs take new name servers; whether it does.

    It reads its settings before each collection. One of an earlier agent does not: it is restarted.
    """
    if changed != ["namesrv"] or document.get("jar") or not systemd.state(node.unit).running:
        return False
    if document["interval"] > _FOLLOW_INTERVAL:
        return False
    assert running is not None and running.number is not None
    write_json(os.path.join(node.releases, running.number, _SETTINGS), document)
    end = time.monotonic() + 2 * document["interval"] + _FOLLOW_SECONDS
    while time.monotonic() < end:
        shown = set(_NAMESRV_UP.findall(_page(document)))
        if shown == set(document["namesrv"]):
            running.document = document
            release.update_record(node, running)
            return True
        time.sleep(0.5)
    return False


def _write(node: Node, document: Document, resolved: Dict[str, Any], context: Context) -> str:
    """A release: the program, its settings, its unit; the number."""
    number = release.next_number(node)
    folder = os.path.join(node.releases, number)
    temporary = f"{folder}.new"
    remove_tree(temporary)
    make_folder(temporary, 0o755)
    if document.get("jar"):
        _fetch_jar(document["jar"], os.path.join(temporary, _JAR), context.home)
        command = _java_command(node, document["jar"], resolved, os.path.join(folder, _JAR))
    else:
        _copy_agent(context.agent, os.path.join(temporary, _AGENT))
        write_json(os.path.join(temporary, _SETTINGS), document)
        own = os.path.join(folder, _AGENT)
        settings = os.path.join(folder, _SETTINGS)
        command = [sys.executable, "-I", "-S", own, "exporter-serve", "--config", settings]
    text = unit.render(
        unit.Service(
            description=f"RocketMQ exporter of cluster {node.cluster}",
            command=command,
            environment={},
            user=node.user,
            folder=node.data,
            nofile=document["unit"]["nofile"],
            stop_timeout=document["unit"]["stopTimeout"],
            part_of=None,
        )
    )
    write_text(os.path.join(temporary, f"{node.own_unit}.service"), text)
    record = {"document": document, "hot": [], "resolved": resolved}
    write_json(os.path.join(temporary, "release.json"), record)
    os.rename(temporary, folder)
    return number


def _java_command(
    node: Node, jar: Dict[str, Any], resolved: Dict[str, Any], path: str
) -> List[str]:
    options = jvm.options(
        jar["jvm"],
        resolved["javaMajor"],
        resolved["heapMb"],
        resolved.get("directMb"),
        node.gc_logs,
    )
    program = [f"{resolved['javaHome']}/bin/java", f"-Duser.home={node.data}", *options]
    return [*program, "-jar", path, *jar["arguments"]]


def _copy_agent(agent: str, path: str) -> None:
    with open(agent, "rb") as source, open(path, "wb") as target:
        target.write(source.read())
    os.chmod(path, 0o644)


def _fetch_jar(jar: Dict[str, Any], path: str, home: str) -> None:
    if jar.get("file"):
        source = os.path.join(home, jar["file"])
        if not os.path.isfile(source):
            raise StepError(
                ExitCode.PACKAGE_FAILED,
                f"the exporter's jar {source} is not on the host",
                "It is pushed by a resource of its own: check the file's path.",
            )
        _copy_agent(source, path)
        digest = of_file(path)
    else:
        from ..host.download import fetch

        source = jar["url"]
        say(f"downloading {source}")
        digest = fetch(source, path)
        os.chmod(path, 0o644)
    if digest != jar["sha512"].lower():
        unlink(path)
        raise StepError(
            ExitCode.PACKAGE_FAILED,
            f"{source} does not have the SHA-512 that it should have",
            "Give the digest of the jar that you built (sha512sum). Nothing was changed.",
            [f"expected {jar['sha512'].lower()}", f"found    {digest}"],
        )


def _page(document: Document) -> str:
    """What it serves now; nothing where it does not answer."""
    try:
        with urllib.request.urlopen(_url(document), timeout=5) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException):
        return ""


def _url(document: Document) -> str:
    return f"http://{gate.local_address(document['address'])}{document['path']}"


def _check(document: Document) -> str:
    """Whether it serves metrics: a 200 alone says nothing, Apache's is empty for a minute."""
    url = _url(document)
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            body = bytes(answer.read(1 << 20))
    except (OSError, http.client.HTTPException) as error:
        return f"{url} does not answer ({getattr(error, 'reason', error)})"
    return "" if b"\nrocketmq_" in b"\n" + body else f"{url} has no metrics yet"
