"""A broker's runtime figures as series named like those of Apache's exporter."""

import re
from typing import Dict, Iterator, Tuple

from ..remoting.sizes import byte_sizes
from .text import Family

_LABELS = ("cluster", "brokerIP", "brokerHost", "des", "boottime", "broker_version")
_PREFIX = "rocketmq_brokeruntime_"

# Series to the broker's own name of the figure.
_PLAIN = {
    "msg_put_total_today_now": "msgPutTotalTodayNow",
    "msg_gettotal_today_now": "msgGetTotalTodayNow",
    "msg_puttotal_todaymorning": "msgPutTotalTodayMorning",
    "msg_gettotal_todaymorning": "msgGetTotalTodayMorning",
    "msg_puttotal_yesterdaymorning": "msgPutTotalYesterdayMorning",
    "msg_gettotal_yesterdaymorning": "msgGetTotalYesterdayMorning",
    "dispatch_behind_bytes": "dispatchBehindBytes",
    "dispatch_maxbuffer": "dispatchMaxBuffer",
    "put_message_size_total": "putMessageSizeTotal",
    "put_message_average_size": "putMessageAverageSize",
    "putmessage_times_total": "putMessageTimesTotal",
    "putmessage_entire_time_max": "putMessageEntireTimeMax",
    "getmessage_entire_time_max": "getMessageEntireTimeMax",
    "remain_transientstore_buffer_numbs": "remainTransientStoreBufferNumbs",
    "earliest_message_timestamp": "earliestMessageTimeStamp",
    "start_accept_sendrequest_time": "startAcceptSendRequestTimeStamp",
    "pagecache_lock_time_mills": "pageCacheLockTimeMills",
    "commitlog_disk_ratio": "commitLogDiskRatio",
    "consumequeue_disk_ratio": "consumeQueueDiskRatio",
    "commitlog_maxoffset": "commitLogMaxOffset",
    "commitlog_minoffset": "commitLogMinOffset",
    # Spelled in two ways by Apache's exporter as well.
    "send_threadpool_queue_size": "sendThreadPoolQueueSize",
    "pull_threadpoolqueue_size": "pullThreadPoolQueueSize",
    "query_threadpoolqueue_size": "queryThreadPoolQueueSize",
    "send_threadpoolqueue_capacity": "sendThreadPoolQueueCapacity",
    "pull_threadpoolqueue_capacity": "pullThreadPoolQueueCapacity",
    "query_threadpool_queue_capacity": "queryThreadPoolQueueCapacity",
    "send_threadpoolqueue_headwait_timemills": "sendThreadPoolQueueHeadWaitTimeMills",
    "pull_threadpoolqueue_headwait_timemills": "pullThreadPoolQueueHeadWaitTimeMills",
    "query_threadpoolqueue_headwait_timemills": "queryThreadPoolQueueHeadWaitTimeMills",
}

# Figures of 10, 60 and 600 seconds; the second name is that of 5.x.
_RATES = {
    "getfound": ("getFoundTps", "getFoundTps"),
    "gettotal": ("getTotalTps", "getTotalTps"),
    "gettransfered": ("getTransferedTps", "getTransferredTps"),
    "getmiss": ("getMissTps", "getMissTps"),
    "put": ("putTps", "putTps"),
}
_WINDOWS = ("tps10", "tps60", "tps600")

# Since 5.x; -1 where a broker does not measure them, as Apache's exporter has it.
_LATENCIES = {"put_latency_99": "putLatency99", "put_latency_999": "putLatency999"}

# How many messages were stored in which time: the broker's words to ours.
_TIMES = {
    "<=0ms": "0ms",
    "0~10ms": "0to10ms",
    "10~50ms": "10to50ms",
    "50~100ms": "50to100ms",
    "100~200ms": "100to200ms",
    "200~500ms": "200to500ms",
    "500ms~1s": "500to1s",
    "1~2s": "1to2s",
    "2~3s": "2to3s",
    "3~4s": "3to4s",
    "4~5s": "4to5s",
    "5~10s": "5to10s",
    "10s~": "10stomore",
}

_BUCKET = re.compile(r"\[([^\]]+)\]:(\d+)")


def labels(cluster: str, address: str, table: Dict[str, str], version: int) -> Tuple[str, ...]:
    """The values of the labels that all these series have."""
    return (
        cluster,
        address,
        # Apache's exporter has it, always empty.
        "",
        table.get("brokerVersionDesc", ""),
        table.get("bootTimestamp", ""),
        # 5.5 no longer tells; its answers carry the number all the same.
        table.get("brokerVersion") or str(version or ""),
    )


def series(table: Dict[str, str]) -> Iterator[Tuple[Family, float]]:
    """What of the broker's figures has a series. Those that a version lacks are left out."""
    # Until its first minute is over a broker has none of these: nothing was stored in any time.
    counts = dict(_BUCKET.findall(table.get("putMessageDistributeTime", "")))
    for label, name in _TIMES.items():
        family = _family(f"pmdt_{name}", "putMessageDistributeTime " + label)
        yield family, int(counts.get(label, 0))
    for name, key in _PLAIN.items():
        yield from _number(name, key, table.get(key, ""))
    for name, (key4, key5) in _RATES.items():
        values = (table.get(key4) or table.get(key5) or "").split()
        # A broker tells of a window once it has been up for as long; Apache's exporter shows 0.
        for window, value in zip(_WINDOWS, [*values, "0", "0", "0"]):
            yield from _number(f"{name}_{window}", key4, value)
    for name, key in _LATENCIES.items():
        yield from _number(name, key, table.get(key) or "-1")
    sizes = byte_sizes(table.get("commitLogDirCapacity", ""))
    if len(sizes) == 2:
        yield _family("commitlogdir_capacity_total", "commitLogDirCapacity"), sizes[0]
        yield _family("commitlogdir_capacity_free", "commitLogDirCapacity"), sizes[1]
    for size in byte_sizes(table.get("remainHowManyDataToFlush", ""))[:1]:
        yield _family("remain_howmanydata_toflush", "remainHowManyDataToFlush"), size


def _number(name: str, key: str, text: str) -> Iterator[Tuple[Family, float]]:
    try:
        number: float = int(text)
    except ValueError:
        try:
            number = float(text)
        except ValueError:
            return
    yield _family(name, key), number


def _family(name: str, key: str) -> Family:
    return Family(_PREFIX + name, f"{key} of the broker", _LABELS)
