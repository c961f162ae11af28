"""The unprivileged user that every process of ours runs as."""

import pwd
from typing import Any, Dict

from ..errors import ExitCode, StepError
from ..result import Result
from ..system.commands import run

_COMMENT = "Apache RocketMQ"


def ensure(user: str, home: str, host: Dict[str, Any], result: Result) -> "pwd.struct_passwd":
    """Make the system user unless it is there; `host` remembers that it was ours to make."""
    try:
        found = pwd.getpwnam(user)
    except KeyError:
        pass
    else:
        if (found.pw_gecos, found.pw_dir) == (_COMMENT, home):
            # Ours from before: it stayed with data that has outlived its cluster.
            host["createdUser"] = user
        return found
    done = run(
        [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            f"--home-dir={home}",
            "--shell=/usr/sbin/nologin",
            f"--comment={_COMMENT}",
            user,
        ]
    )
    if done.code != 0:
        raise StepError(
            ExitCode.REFUSED,
            f"user {user} could not be made: {done.output.strip()}",
            "Make the user on the machine, or name one that is there.",
        )
    host["createdUser"] = user
    result.changed.append(f"user {user}")
    return pwd.getpwnam(user)


def remove(user: str) -> bool:
    """Remove the user; whether it was there."""
    return run(["userdel", user]).code == 0
