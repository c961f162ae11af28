"""From the brokers' answers to series."""

from typing import Dict, Optional, Set, Tuple

from ..remoting.consumers import Client
from . import families, runtime
from .scrape import DLQ, RETRY, Sample, is_plain
from .text import Family, Page

# Ordinals of RocketMQ's MessageModel, which Apache's exporter uses as a label.
_BROADCASTING = "0"
_CLUSTERING = "1"


class Totals:
    """What is told of all brokers together, added up broker by broker."""

    def __init__(self) -> None:
        self._clients: Dict[str, Dict[str, Client]] = {}
        self._broadcasting: Set[str] = set()
        self._diffs: Dict[Tuple[str, str], int] = {}
        # The ends of the masters' logs, by the brokers' names.
        self._ends: Dict[str, int] = {}

    def count(self, sample: Sample) -> None:
        """A master's share."""
        for group, found in sample.online.items():
            # A client is connected to each broker, from a port of its own: the first one counts.
            known = self._clients.setdefault(group, {})
            for client in found.clients:
                known.setdefault(client.client_id, client)
            if found.broadcasting:
                self._broadcasting.add(group)
        for one in sample.consumed:
            self._clients.setdefault(one.group, {})
            key = one.group, one.topic
            self._diffs[key] = self._diffs.get(key, 0) + one.diff
        end = _log_end(sample)
        if end is not None:
            self._ends[sample.target.name] = end

    def behind(self, slave: Sample) -> Optional[int]:
        """How far a slave is behind its master, in bytes, if both tell."""
        mine, theirs = _log_end(slave), self._ends.get(slave.target.name)
        # Asked at slightly different moments: a slave that is up to date may seem ahead.
        return None if mine is None or theirs is None else max(0, theirs - mine)

    def add_groups(self, page: Page) -> None:
        """What Apache's exporter tells of a group over all brokers together."""
        for group in sorted(self._clients):
            known = self._clients[group]
            members = [known[client_id] for client_id in sorted(known)]
            addresses = ",".join(member.address for member in members)
            ids = ",".join(member.client_id for member in members)
            page.add(families.GROUP_COUNT, (addresses, ids, group), len(members))
        for (group, topic), diff in sorted(self._diffs.items()):
            # Where every consumer gets every message there is no common place to be behind of.
            if group not in self._broadcasting:
                labels = (group, topic, str(len(self._clients[group])), _CLUSTERING)
                page.add(_diff_family(topic), labels, diff)


def add_broker(page: Page, totals: Totals, sample: Sample) -> None:
    """A broker, its topics, groups and clients. Masters come before their slaves."""
    if sample.target.broker_id != 0:
        behind = totals.behind(sample)
        if behind is not None:
            page.add(families.COMMITLOG_DIFF, sample.target.peer, behind)
        return
    totals.count(sample)
    _add_runtime(page, sample)
    _add_topics(page, sample)
    _add_consumption(page, sample)
    _add_clients(page, sample)


def _log_end(sample: Sample) -> Optional[int]:
    try:
        return int(sample.runtime["commitLogMaxOffset"])
    except (KeyError, ValueError):
        return None


def _diff_family(topic: str) -> Family:
    if topic.startswith(RETRY):
        return families.GROUP_RETRY_DIFF
    return families.GROUP_DLQ_DIFF if topic.startswith(DLQ) else families.GROUP_DIFF


def _add_topics(page: Page, sample: Sample) -> None:
    cluster, broker = sample.target.cluster, sample.target.name
    for topic, offset in sorted(sample.topics.items()):
        if topic.startswith(DLQ):
            labels = (cluster, broker, topic[len(DLQ) :])
            page.add(families.DLQ_OFFSET, labels, offset)
        elif topic.startswith(RETRY):
            page.add(families.RETRY_OFFSET, (cluster, broker, topic), offset)
        else:
            page.add(families.PRODUCER_OFFSET, (cluster, broker, topic), offset)
    for topic in sorted(sample.topics):
        if is_plain(topic):
            labels = (cluster, broker, topic)
            _add_rate(page, sample, families.PRODUCER_TPS, labels, "TOPIC_PUT_NUMS", topic)
            _add_rate(page, sample, families.PRODUCER_SIZE, labels, "TOPIC_PUT_SIZE", topic)


def _add_consumption(page: Page, sample: Sample) -> None:
    cluster, broker = sample.target.cluster, sample.target.name
    for one in sample.consumed:
        labels = (cluster, broker, one.topic, one.group)
        page.add(families.CONSUMER_OFFSET, labels, one.read)
        delay = sample.delays.get((one.topic, one.group))
        if delay is not None:
            page.add(families.LATENCY, labels, round(delay))
        if not is_plain(one.topic):
            continue
        key = f"{one.topic}@{one.group}"
        _add_rate(page, sample, families.CONSUMER_TPS, labels, "GROUP_GET_NUMS", key)
        _add_rate(page, sample, families.CONSUMER_SIZE, labels, "GROUP_GET_SIZE", key)
        sent_back = sample.minutes.get(("SNDBCK_PUT_NUMS", key))
        if sent_back is not None:
            page.add(families.SEND_BACK, labels, sent_back.total)


def _add_clients(page: Page, sample: Sample) -> None:
    for (group, client_id), topics in sorted(sample.clients.items()):
        address = next(
            (one.address for one in sample.online[group].clients if one.client_id == client_id), ""
        )
        for one in topics:
            labels = (address, client_id, group, one.topic)
            page.add(families.CLIENT_FAILED, labels, one.failed_messages)
            page.add(families.CLIENT_FAILED_TPS, labels, one.failed_tps)
            page.add(families.CLIENT_OK_TPS, labels, one.ok_tps)
            page.add(families.CLIENT_RT, labels, one.consume_rt)
            page.add(families.CLIENT_PULL_RT, labels, one.pull_rt)
            page.add(families.CLIENT_PULL_TPS, labels, one.pull_tps)


def _add_runtime(page: Page, sample: Sample) -> None:
    target = sample.target
    labels = target.peer
    _add_rate(page, sample, families.BROKER_TPS, labels, "BROKER_PUT_NUMS", target.cluster)
    _add_rate(page, sample, families.BROKER_QPS, labels, "BROKER_GET_NUMS", target.cluster)
    named = runtime.labels(target.cluster, target.address, sample.runtime, sample.version)
    for family, number in runtime.series(sample.runtime):
        page.add(family, named, number)


def _add_rate(
    page: Page, sample: Sample, family: Family, labels: Tuple[str, ...], name: str, key: str
) -> None:
    minute = sample.minutes.get((name, key))
    if minute is not None:
        page.add(family, labels, minute.tps)
