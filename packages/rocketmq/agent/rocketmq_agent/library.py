"""The agent's own copy on the host.

The uploaded file may be replaced while a step still runs, and Python compiles an archive anew at
every start. So the first step unpacks it into a folder named after its digest, where Python keeps
the compiled modules; the file itself is kept too, for the exporter's unit to run.
"""

import glob
import os
import time

from . import state
from .system.files import read_text, remove_tree, sync_folder

AGENT_FILE = "rocketmq-agent"
# Older copies go once no step that runs can still be using them.
_KEEP_SECONDS = 24 * 3600
_REOPENING = "/etc/systemd/system/rocketmq-reopen-*.service"


def install(agent: str, digest: str) -> str:
    """Unpack the agent file unless it is there already; the folder."""
    folder = state.path("lib", digest)
    if os.path.isfile(os.path.join(folder, "__main__.py")):
        # When it was last used, by which older copies are told.
        os.utime(folder)
        return folder
    import shutil
    import zipfile

    state.ensure()
    temporary = state.path("lib", f".{digest}.{os.getpid()}")
    remove_tree(temporary)
    with zipfile.ZipFile(agent) as archive:
        archive.extractall(temporary)
    shutil.copyfile(agent, os.path.join(temporary, AGENT_FILE))
    _readable(temporary)
    try:
        os.rename(temporary, folder)
    except OSError:
        # A step that started at the same time was faster.
        remove_tree(temporary)
    sync_folder(state.path("lib"))
    _prune(digest)
    return folder


def _readable(folder: str) -> None:
    """Everybody may read it (the exporter runs unprivileged), whatever root's umask is."""
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o755)
        for name in files:
            os.chmod(os.path.join(parent, name), 0o644)


def _prune(digest: str) -> None:
    # A unit that opens a broker again may wait for a host for longer than a day.
    needed = " ".join(read_text(path) or "" for path in glob.glob(_REOPENING))
    for name in os.listdir(state.path("lib")):
        path = state.path("lib", name)
        if name in needed:
            continue
        if name != digest and time.time() - os.stat(path).st_mtime > _KEEP_SECONDS:
            remove_tree(path)
