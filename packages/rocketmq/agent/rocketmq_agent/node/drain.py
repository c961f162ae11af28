"""Restarting a broker without a failed send.

Before a master stops it is closed for writes, and clients are given the time to notice: a closed
broker still takes what is sent to it, and clients read routes every 30 s. Ordered topics it refuses
at once, so their producers are led away before it is closed (`ordered`).
In a group whose master acknowledges only what its slave has too, the master is closed while its
slave restarts, and when it is new until its slaves are there (`newcomer`).

Where no other group takes messages nobody has anywhere else to go: closing the only master would
make the outage longer by the whole drain, so it is restarted at once.
"""

import contextlib
import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from ..errors import ExitCode, StepError
from ..progress import say
from ..remoting.admin import (
    broker_runtime,
    get_broker_config,
    ha_status,
)
from ..remoting.broker import Perm
from ..remoting.errors import RemotingError
from ..remoting.permission import KEY, open_anew, set_open, taking, writable
from ..result import Result
from ..system import systemd
from ..system.sockets import established
from . import closing, members, newcomer, ordered
from .lease import Lease
from .node import Node
from .reach import wanted

# A broker registers at once when its permission changes, else every 30 s.
_TICK_SECONDS = 45.0
# How long nothing may have come, and how long that is waited for after the drain itself.
_QUIET_SECONDS = 2.0
_BUSY_SECONDS = 15.0
_OPEN_SECONDS = 30.0
_POLL_SECONDS = 0.25
# A slave says where its log ends, and is fed only from then on, a heartbeat after it connected
# (haSendHeartbeatInterval); until then its master waits in vain. Beside it: a turn of its loop.
_HEARTBEAT_MS = "5000"
_TURN_SECONDS = 2.0
_COUNTER = "msgPutTotalTodayNow"


class Drain:
    """Keeps writes away from a group while one of its brokers restarts.

    `write_conf` renders the file of a release, by its number or the current one, with the keys
    given on top; it returns the number.
    """

    def __init__(
        self,
        document: Dict[str, Any],
        node: Node,
        address: Callable[[], str],
        write_conf: Callable[..., str],
    ) -> None:
        self._document = document
        self._node = node
        # Where the broker of this step is reached from its own machine: a restart may move it.
        self._address = address
        self._write_conf = write_conf
        self._namesrv: List[str] = document["namesrv"]
        # The name servers that the broker runs with.
        self._own = ""
        # Those that the running broker is registered with: not the ones that are still to come.
        self._known_at: List[str] = []
        self._cluster = str(document["identity"]["brokerClusterName"])
        self._group = str(document["identity"]["brokerName"])
        self._is_master = document["identity"]["brokerId"] == 0
        self._seconds = int((document.get("drain") or {}).get("seconds", 0))
        # The master that is closed now.
        self._closed = ""
        # The release whose file closes the broker.
        self._marked = ""
        # Slaves that acknowledge what the master gets: how many must be there before it opens.
        self._followers = 0
        # Of a new master: whether those have been counted.
        self._counted = False
        # Of a slave: where its master hands out its log.
        self._ha_port = 0
        # How long a slave is connected before it is fed, and since when all are.
        self._silence = 0.0
        self._connected: Optional[float] = None

    @contextlib.contextmanager
    def around(self, result: Result) -> Iterator[None]:
        """Have no writes in the group, if it can be helped, while the body restarts the broker."""
        if closing.since(self._node.record) is not None:
            # It is being taken out: nobody closes or opens it for this.
            time.sleep(closing.unsettled(self._node.record, self._seconds))
            yield
            return
        if newcomer.is_new(self._node.record):
            # Nobody sends to it yet.
            yield
            return
        master = self._whom(result)
        if not master:
            yield
            return
        own = self._is_master
        files, units = self._own_files() if own else ([], [])
        # Whoever opens it when this step is dead knows not how far it came.
        moved = wanted(self._document)
        addresses = [master, moved] if own and moved != master else [master]
        lease = Lease(self._node.name, addresses, files, units)
        lease.take()
        try:
            self._empty(master, result)
            yield
        except BaseException:
            # The first error is the one to tell; what is left closed is opened by the lease.
            with contextlib.suppress(StepError, OSError):
                self._open(master, lease)
            raise
        else:
            self._open(master, lease)
            self._known_again(self._reached(master))
        finally:
            lease.leave()

    def _own_files(self) -> Tuple[List[str], List[str]]:
        """What a start of this broker reads, and what starts it: of an adopted one two of each."""
        node = self._node
        files, units = [f"{node.folder}/current/conf/broker.conf"], [node.own_unit]
        if node.adopted:
            return [node.adopted["conf"], *files], [node.unit, *units]
        return files, units

    def before_start(self) -> None:
        """Have the closed master start closed: it opens when it is ready and has its slaves."""
        self.has_started()
        if self._is_master and (self._closed or newcomer.is_new(self._node.record)):
            self._marked = self._write_conf({KEY: "4"})
        elif closing.since(self._node.record) is not None:
            self._write_conf({})

    def has_started(self) -> None:
        """Once it has read its file, that must not close the next start too."""
        if self._marked:
            self._write_conf({}, self._marked)
            self._marked = ""

    def missing(self) -> str:
        """What a closed group must have again before it opens; nothing when it has."""
        if not self._closed:
            return ""
        if not self._is_master:
            fed = self._lasts(established(remote=self._ha_port) > 0)
            return "" if fed else "its master does not feed it yet"
        return self._not_fed()

    def missing_at_first(self) -> str:
        """What a new master must have before it opens for the first time; nothing when it has.

        Only slaves that are registered count: those of this program are by now, and where master
        and slave are made apart (BrokerNode) the slave may come later than this.
        """
        record = self._node.record
        if not newcomer.is_new(record) or closing.since(record) is not None:
            return ""
        try:
            if not self._counted:
                config = get_broker_config(self._address())
                there = len(members.slaves(self._document))
                self._followers = min(there, waits_for(config))
                self._silence = _silence(config)
                self._counted = True
            if told(self._address()) >= self._followers:
                return ""
        except RemotingError as error:
            return str(error)
        return self._not_fed()

    def _not_fed(self) -> str:
        if not self._followers:
            return ""
        try:
            count = followers(self._address())
        except RemotingError as error:
            return str(error)
        complete = count >= self._followers
        if self._lasts(complete):
            return ""
        how = "are connected, and not fed yet" if complete else "are connected"
        return f"{count} of {self._followers} slaves that it waits for {how}"

    def _lasts(self, connected: bool) -> bool:
        """Whether the replication has been connected for long enough to carry messages."""
        now = time.monotonic()
        if not connected:
            self._connected = None
        elif self._connected is None:
            self._connected = now
        return self._connected is not None and now - self._connected >= self._silence

    def _whom(self, result: Result) -> str:
        """The master to close: this broker, or the master that would wait for it; or nobody."""
        if not self._seconds or not systemd.state(self._node.unit).running:
            return ""
        try:
            config = get_broker_config(self._address())
        except RemotingError as error:
            result.warnings.append(
                f"{self._node.name} did not answer, so it was restarted without a drain: {error}"
            )
            return ""
        try:
            if not self._is_master:
                # Also for one that nobody waits for: its gate needs them all.
                self._ask(self._namesrv)
            master = self._address() if self._is_master else self._waiting_master()
            if not master:
                return ""
            self._own = config.get("namesrvAddr", "")
            others = self._others(self._own)
            if self._is_master:
                # With what it restarts with: it may begin to wait for slaves just then.
                restarted = {**config, **self._document["release"]["conf"]}
                self._followers = min(followers(master), waits_for(restarted))
                self._silence = _silence(restarted)
        except RemotingError as error:
            raise StepError(
                ExitCode.GATE_FAILED,
                f"{self._node.name} was not restarted: {error}",
                "Writes are led away from a broker before it stops, so every name server and its"
                " group's master must answer first. Mend that and run pulumi up again; or set"
                " timeouts.drain to 0 to restart without it, at the price of failed sends.",
            ) from error
        if not others:
            result.warnings.append(
                f"no other broker group takes messages now, so {self._group} was restarted without"
                " a drain: sends failed until it was back"
            )
            return ""
        return master

    def _waiting_master(self) -> str:
        """The master of this slave if it would wait for it in vain."""
        brokers = members.brokers(self._document).get(self._group, {})
        master = brokers.get(0)
        if master is None:
            return ""
        config = get_broker_config(master)
        if not int(config.get(KEY, Perm.READ_WRITE)) & Perm.WRITE:
            # Being taken out: nothing is sent to it, and it is to stay closed.
            return ""
        self._ha_port = _ha_port(config)
        self._silence = _silence(config)
        left = len(brokers) - 2
        return master if waits_for(config) > left else ""

    def _others(self, own: str) -> List[str]:
        """Groups that clients may write to instead, by every name server that knows this one.

        `own` are the name servers that the broker runs with. Before RocketMQ 4.9.4 a new one is
        what the restart is for, and one that was taken out may be gone.
        """
        asked = [part.strip() for part in own.split(";") if part.strip()] or self._namesrv
        end = time.monotonic() + _TICK_SECONDS
        while True:
            answers = self._ask(asked)
            knowing = {at: perms for at, perms in answers.items() if self._group in perms}
            # A name server that was just restarted knows its brokers only at their next tick.
            if len(knowing) == len(answers) or time.monotonic() > end:
                break
            time.sleep(_POLL_SECONDS)
        self._known_at = list(knowing)
        if not knowing:
            return []
        open_at = [{name for name, yes in perms.items() if yes} for perms in knowing.values()]
        return sorted(set.intersection(*open_at) - {self._group})

    def _ask(self, asked: List[str]) -> Dict[str, Dict[str, bool]]:
        answers: Dict[str, Dict[str, bool]] = {}
        for namesrv in asked:
            try:
                answers[namesrv] = taking(namesrv, self._cluster)
            except RemotingError:
                if namesrv in self._namesrv:
                    raise
        return answers

    def _empty(self, master: str, result: Result) -> None:
        """Have clients turn to other groups, and the master closed."""
        say(f"{self._node.name}: closing {self._group} for writes")
        try:
            has_ordered = ordered.has_any(master)
            if has_ordered:
                ordered.lead_away(self._known_at, self._group)
            else:
                self._close(master)
            elsewhere = self._others(self._own)
            if elsewhere:
                self._wait(has_ordered)
            if has_ordered:
                self._close(master)
        except RemotingError as error:
            raise StepError(
                ExitCode.GATE_FAILED,
                f"{self._node.name} was not restarted: {self._group} cannot be closed: {error}",
                "Nothing was changed. Run pulumi up again when broker and name servers answer.",
            ) from error

        if elsewhere:
            self._quiet(master, result)
        else:
            # Closed at the same moment as this one (maxUnavailable).
            result.warnings.append(
                f"no other broker group is open any more, so {self._group} was restarted"
                " without waiting: sends failed until one was back"
            )

    def _close(self, master: str) -> None:
        self._closed = master
        set_open(master, False)
        if self._is_master:
            # The broker has written it to its file: it must not close the next start.
            self._write_conf({})
        self._seen(False, self._known_at)

    def _wait(self, has_ordered: bool) -> None:
        say(f"{self._node.name}: waiting {self._seconds} s for clients to turn to other groups")
        if has_ordered:
            ordered.wait(self._known_at, self._group, self._seconds, time.sleep)
        else:
            time.sleep(self._seconds)

    def _quiet(self, master: str, result: Result) -> None:
        """Wait until nothing comes any more."""
        end = time.monotonic() + _BUSY_SECONDS
        count, since = _puts(master), time.monotonic()
        while time.monotonic() - since < _QUIET_SECONDS:
            if time.monotonic() > end:
                result.warnings.append(
                    f"{self._group} still got messages {_BUSY_SECONDS:.0f} s after the drain:"
                    " clients that read routes less often than every timeouts.drain seconds, or"
                    " retries and delayed messages, which a closed broker takes"
                )
                return
            time.sleep(_POLL_SECONDS)
            now = _puts(master)
            if now != count:
                count, since = now, time.monotonic()

    def _reached(self, master: str) -> str:
        """Where the master that was closed is now."""
        return self._address() if self._is_master else master

    def _open(self, master: str, lease: Lease) -> None:
        self.has_started()
        self._closed = ""
        if self._is_master and not systemd.state(self._node.unit).pid:
            # It did not come up at all; its file does not close it.
            lease.release()
            return
        try:
            _patiently(lambda: open_anew(self._reached(master)))
            if self._is_master:
                self._write_conf({})
            lease.release()
            self._seen(True, self._namesrv)
        except RemotingError as error:
            raise StepError(
                ExitCode.GATE_FAILED,
                f"{self._node.name} is ready, but {self._group} is not open for writes"
                f" everywhere: {error}",
                "A unit of this host goes on trying to open it. Run pulumi up again when broker"
                " and name servers answer.",
            ) from error
        say(f"{self._node.name}: {self._group} is open for writes")

    def _known_again(self, master: str) -> None:
        """Give producers of ordered topics the time to find the restarted broker in the route.

        Were the next one closed before producers know this one again, they would be refused there
        and find nobody here.
        """
        if not self._is_master:
            return
        with contextlib.suppress(RemotingError):
            if not ordered.has_any(master):
                return
        say(
            f"{self._node.name}: waiting {self._seconds} s for producers of ordered topics to know"
            " it again"
        )
        time.sleep(self._seconds)

    def _seen(self, is_open: bool, everywhere: List[str]) -> None:
        """Wait until each of these name servers tells clients so."""
        end = time.monotonic() + _TICK_SECONDS
        while True:
            wrong = [
                namesrv
                for namesrv in everywhere
                if writable(namesrv, self._cluster).get(self._group) is not is_open
            ]
            if not wrong:
                return
            if time.monotonic() > end:
                told = "open" if is_open else "closed"
                raise RemotingError(f"name server {', '.join(wrong)} does not show it {told}", 0)
            time.sleep(_POLL_SECONDS)


def waits_for(config: Dict[str, str]) -> int:
    """How many slaves a master waits for before it acknowledges a message."""
    if config.get("brokerRole") != "SYNC_MASTER":
        return 0
    # 4.9 waits for one. RocketMQ 5 counts the master among inSyncReplicas.
    return max(0, int(config.get("inSyncReplicas", "2")) - 1)


def followers(master: str) -> int:
    """How many slaves replicate from the master on this machine."""
    status = ha_status(master)
    if status is not None:
        return sum(slave.in_sync for slave in status.slaves)
    return established(local=_ha_port(get_broker_config(master)))


def told(master: str) -> int:
    """How many slaves have said where their log ends, and so are fed. RocketMQ 4 does not tell."""
    status = ha_status(master)
    return sum(slave.acked_offset >= 0 for slave in status.slaves) if status is not None else 0


def _ha_port(config: Dict[str, str]) -> int:
    return int(config.get("haListenPort") or int(config["listenPort"]) + 1)


def _silence(config: Dict[str, str]) -> float:
    return int(config.get("haSendHeartbeatInterval", _HEARTBEAT_MS)) / 1000 + _TURN_SECONDS


def _puts(master: str) -> Optional[str]:
    """Messages that the master has taken so far; nothing where it does not tell."""
    with contextlib.suppress(RemotingError):
        return broker_runtime(master).get(_COUNTER)
    return None


def _patiently(call: Callable[[], Any]) -> None:
    end = time.monotonic() + _OPEN_SECONDS
    while True:
        try:
            call()
            return
        except RemotingError:
            if time.monotonic() > end:
                raise
            time.sleep(_POLL_SECONDS)
