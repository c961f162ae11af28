"""Taking a broker group out: wait until all of it was read, and refuse its removal before.

Both are told by the broker itself, and change nothing on the host but what they remember, so
they need neither the host's lock, which the other nodes of the machine may want meanwhile, nor a
unit of their own: a wait that is cut off goes on with the next update.
"""

import contextlib
import math
import os
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

from .. import state
from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.errors import RemotingError
from ..remoting.permission import set_open
from ..result import Result
from ..steps import Document
from ..system.files import read_json, unlink, write_json
from . import closing, gate, members, remainder
from .node import record_path
from .remainder import Offsets, Remainder, Waived

_POLL_SECONDS = 2.0
# Between the two looks that must both find nothing: longer than a consumer takes to commit (5 s)
# what it gave back to the broker.
_QUIET_SECONDS = 6.0
_TELL_SECONDS = 10.0


class Look(NamedTuple):
    """What was found at one moment."""

    remainder: Optional[Remainder]
    # Why it does not count, if so: the broker or another group does not answer.
    trouble: str
    # Groups whose slave told who reads there.
    deputies: Sequence[str] = ()


def wait(document: Document, sleep: Callable[[float], None] = time.sleep) -> Result:
    """Wait until nothing is left to read in a group that is closed for writes."""
    result = Result()
    name = document["node"]
    record = _record(document)
    if closing.since(record) is None:
        raise StepError(
            ExitCode.REFUSED,
            f"{name} is not closed for writes",
            "Its config step does that: run pulumi up without --target.",
        )
    end = time.monotonic() + document["timeout"]
    left = closing.unsettled(record, document["seconds"])
    if left:
        say(f"{name}: waiting {left:.0f} s for clients to turn to other groups")
        sleep(left)
    known: Set[str] = set()
    _remember(name, False, known)
    last = _until_empty(document, end, known, sleep)
    if last is not None:
        raise _not_read(document, last)
    _still_wanted(document)
    _remember(name, True, known)
    result.changed.append(f"{document['identity']['brokerName']}: all of it was read")
    say(f"{name}: all of it was read; it can be taken out of the program now")
    return result


def _still_wanted(document: Document) -> None:
    """Refuse to go on where a later update has taken the group back.

    Without its engine this step goes on by itself until its time is over.
    """
    if closing.since(_record(document)) is None:
        raise StepError(
            ExitCode.REFUSED,
            f"{document['node']} is not taken out any more",
            "There is nothing to wait for: a later update has opened it again.",
        )


def _until_empty(
    document: Document, end: float, known: Set[str], sleep: Callable[[float], None]
) -> Optional[Look]:
    """Look until two looks with nothing between them found nothing; else the last one."""
    name = document["node"]
    seen: Optional[Tuple[float, str]] = None
    told, text = 0.0, ""
    warned: Set[str] = set()
    while True:
        before = len(known)
        look = _look(document, known)
        now = time.monotonic()
        if len(known) > before:
            _remember(name, False, known)
        _warn(name, look, warned)
        if look.remainder is None or look.trouble or not look.remainder.empty:
            seen = None
        elif seen is None or seen[1] != look.remainder.stored:
            seen = (now, look.remainder.stored)
        elif now - seen[0] >= _QUIET_SECONDS:
            return None
        if now > end:
            return look
        fresh = look.trouble or (look.remainder.summary() if look.remainder else "")
        if now - told > _TELL_SECONDS or (seen and fresh != text):
            say(f"{name}: {fresh}")
            told, text = now, fresh
        sleep(_POLL_SECONDS)


def _warn(name: str, look: Look, warned: Set[str]) -> None:
    lines = [
        f"{other} has no master now: its slave tells who reads there" for other in look.deputies
    ]
    lines += [
        f"consumer group {group} broadcasts: its clients alone know what they read"
        for group in (look.remainder.broadcasting if look.remainder else ())
    ]
    for line in lines:
        if line not in warned:
            say(f"{name}: {line}")
            warned.add(line)


def _look(document: Document, known: Set[str]) -> Look:
    address = local(document)
    others = _others(document, known)
    try:
        if not closing.is_closed(address):
            _still_wanted(document)
            # Somebody opened it; the config step of the next update would do the same.
            set_open(address, False)
            others.trouble.append("it was open for writes, and was closed again")
        found = remainder.read(address, others.names, others.offsets, waived(document))
    except RemotingError as error:
        return Look(None, str(error))
    return Look(found, "; ".join(others.trouble), others.deputies)


class Others(NamedTuple):
    """What the other groups of the cluster tell."""

    # Names that topics of brokers have.
    names: Set[str]
    offsets: List[Offsets]
    # Why that may not be all.
    trouble: List[str]
    # Groups whose slave was asked, as they have no master.
    deputies: List[str]


def _others(document: Document, known: Set[str]) -> Others:
    """Ask every other group who has read what. `known` are those that were there before; it grows.

    A broker that is restarting is not registered: with no slave, its group is not there meanwhile.
    """
    identity = document["identity"]
    name, cluster = identity["brokerName"], identity["brokerClusterName"]
    own = {cluster, f"{cluster}_REPLY_TOPIC", name}
    try:
        # A name server that answers knows them all.
        heads = members.heads_of(members.brokers(document))
    except RemotingError as error:
        return Others(own, [], [f"no name server answers: {error}"], [])
    heads.pop(name, None)
    found: List[Offsets] = []
    trouble = [
        f"{gone} has left the name servers, so who reads there cannot be told"
        for gone in sorted(known - set(heads))
    ]
    for other, head in sorted(heads.items()):
        try:
            found.append(remainder.offsets_of(head.address))
        except RemotingError as error:
            without = ", which has no master now," if head.deputy else ""
            trouble.append(f"who reads at {other}{without} cannot be told: {error}")
    known.update(heads)
    deputies = [other for other, head in sorted(heads.items()) if head.deputy]
    return Others(own | known, found, trouble, deputies)


def waived(document: Document) -> Waived:
    """What the program says that nobody has to read."""
    return Waived(frozenset(document["ignoreGroups"]), frozenset(document["ignoreTopics"]))


def _not_read(document: Document, look: Look) -> StepError:
    group = document["identity"]["brokerName"]
    if look.remainder is None:
        return StepError(
            ExitCode.NOT_DRAINED,
            f"what is unread in {group} cannot be told: {look.trouble}",
            "Mend that and run pulumi up again. Nothing was removed.",
        )
    if look.remainder.empty:
        return StepError(
            ExitCode.NOT_DRAINED,
            f"{group} was read to its end, but is not quiet:"
            f" {look.trouble or 'messages still come, or have come a moment ago'}",
            "Somebody still sends to it: clients with a list of brokers of their own, or an ordered"
            " topic that is on this group alone. The next pulumi up goes on from here.",
        )
    return StepError(
        ExitCode.NOT_DRAINED,
        f"{group} is closed for writes, and after {document['timeout']} s {look.remainder.total}"
        " messages in it are unread",
        "Start the consumers, then run pulumi up again: it goes on from here. Groups that will"
        " never come back are waived with ignoreGroups, topics with ignoreTopics."
        " timeouts.decommission is how long an update waits; taken out of decommission the group"
        " takes messages again.",
        look.remainder.lines(),
    )


def may_go(document: Document) -> Result:
    """What a removal of the group begins with: refused while something in it is unread."""
    result = Result()
    name = document["node"]
    record = _record(document)
    if not record.get("good"):
        # It is gone already, or never was ready.
        return result
    closed = closing.since(record) is not None
    address = local(document)
    if not gate.port_answers(address):
        if closed and _was_read(name):
            return result
        raise _refused(document, "does not run, so nobody can tell what is unread in it", START)
    look = _look_only(document, address)
    _warn(name, look, set())
    if look.remainder is None:
        raise _refused(document, f"cannot be asked what is unread in it: {look.trouble}", START)
    if look.remainder.total:
        raise _refused(
            document,
            f"has {look.remainder.total} unread messages",
            READ if closed else CLOSE,
            look.remainder.lines(),
        )
    if not closed or not _is_closed(address):
        raise _refused(document, "is open for writes, though nothing in it is unread", CLOSE)
    if look.remainder.undispatched:
        raise _refused(document, "has messages that are in no queue yet", READ)
    if not _was_read(name):
        _be_sure(document, look, record)
    say(f"{name}: all of it was read")
    return result


def _be_sure(document: Document, look: Look, record: Dict[str, Any]) -> None:
    """Where no wait has come to its end, one look must do: refuse it if it may have missed some."""
    left = closing.unsettled(record, closing.turn_seconds(record))
    if left:
        raise _refused(
            document,
            "was closed for writes a moment ago, and producers may still send to it",
            f"Run pulumi up again in {math.ceil(left)} s.",
        )
    if look.trouble:
        raise _refused(document, f"may not be read to its end: {look.trouble}", ASK)


def _is_closed(address: str) -> bool:
    """Whether it is, whatever was meant: somebody may have opened it by hand."""
    with contextlib.suppress(RemotingError):
        return closing.is_closed(address)
    return False


START = (
    "Put the group back into the program, start it and have it read to its end (decommission)."
    " If its machine is dead, give it up with lost."
)
ASK = (
    "Run pulumi up again when they answer. A machine that is dead for good is given up with lost."
    " If a group has left for good, put this one back into the program, named in decommission, and"
    " run pulumi up."
)
CLOSE = (
    "Put the group back into the program and name it in decommission: pulumi up then closes it for"
    " writes and waits until all of it was read. After that take it out of both."
)
READ = (
    "Put the group back into the program, named in decommission, and run pulumi up with its"
    " consumers at work; groups that will never come back are waived with ignoreGroups, topics with"
    " ignoreTopics."
)


def _look_only(document: Document, address: str) -> Look:
    """As `_look`, but for what a removal may not do."""
    others = _others(document, _known(document["node"]))
    try:
        found = remainder.read(address, others.names, others.offsets, waived(document))
    except RemotingError as error:
        return Look(None, str(error))
    return Look(found, "; ".join(others.trouble), others.deputies)


def _refused(
    document: Document, why: str, remedy: str, details: Optional[List[str]] = None
) -> StepError:
    group = document["identity"]["brokerName"]
    return StepError(
        ExitCode.REFUSED,
        f"{group} was not removed: it {why}",
        f"{remedy} Nothing of the group was touched.",
        details or [],
    )


def local(document: Document) -> str:
    """Where the master is reached from its own machine."""
    return gate.local_address(document["address"], document.get("bindAddress", ""))


def _record(document: Document) -> Dict[str, Any]:
    """What is remembered of the node; nothing where it is another cluster's."""
    record = read_json(record_path(document["node"])) or {}
    return record if record.get("cluster") == document["cluster"] else {}


def _path(name: str) -> str:
    return state.path("decommission", f"{name}.json")


def _remember(name: str, was_read: bool, known: Set[str]) -> None:
    """What a wait has found: whether all was read, and which other groups there are."""
    os.makedirs(state.path("decommission"), mode=0o700, exist_ok=True)
    write_json(_path(name), {"wasRead": was_read, "groups": sorted(known)})


def _was_read(name: str) -> bool:
    return bool((read_json(_path(name)) or {}).get("wasRead"))


def _known(name: str) -> Set[str]:
    return set((read_json(_path(name)) or {}).get("groups", ()))


def forget(name: str) -> None:
    """The group is not taken out any more, or is gone."""
    unlink(_path(name))
