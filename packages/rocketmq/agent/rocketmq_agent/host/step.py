"""The `host` step: everything that the nodes on a machine share."""

import os

from .. import state
from ..progress import say
from ..result import Result
from ..steps import Context, Document
from ..system.files import make_folder, read_text
from . import java, java_install, kernel_files, package, sysctl, user


def apply(document: Document, context: Context) -> Result:
    """Make the host what the document says."""
    result = Result()
    paths = document["paths"]
    host = state.read_host()
    # A machine that gets another name stays what it is: nothing has moved (node/remove.py).
    host.setdefault("names", {})[document["cluster"]] = document["host"]
    host["machineId"] = (read_text("/etc/machine-id") or "").strip()
    clusters = host.setdefault("clusters", [])
    if document["cluster"] not in clusters:
        clusters.append(document["cluster"])
    try:
        if document.get("os"):
            say("kernel settings")
            settings = document["os"]
            sysctl.apply(settings["sysctl"], settings["strict"], host, result)
            kernel_files.apply(settings, paths["data"], host, result)
        else:
            sysctl.restore(host, result)
            kernel_files.restore(host, result)
        user.ensure(document["user"], paths["data"], host, result)
    finally:
        # What was changed before a failure must be known to the next run, and to delete.
        state.write_host(host)
    for path in (paths["deploy"], os.path.join(paths["deploy"], "nodes"), paths["data"]):
        if make_folder(path, 0o755):
            result.changed.append(path)
    found = _java(document, result)
    package.ensure(
        document["package"],
        paths["deploy"],
        context.home,
        result,
        thorough=bool(document.get("reconcile")),
    )
    result.facts.update(
        java=found.version,
        javaHome=found.home,
        kernel=os.uname().release,
        machineId=host["machineId"],
        rocketmq=document["package"]["version"],
    )
    return result


def _java(document: Document, result: Result) -> java.Java:
    wanted = document["java"]
    if wanted.get("home"):
        return java.explicit(wanted)
    found = java.choose(java.find(), wanted)
    if found is not None:
        return found
    if not wanted["install"]:
        raise java.missing(wanted)
    return java_install.install(wanted, result)
