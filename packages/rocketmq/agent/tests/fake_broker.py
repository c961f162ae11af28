"""Brokers that answer as those of 4.9.3 and 5.5.0 were seen to."""

import time
from typing import Dict

from fake_rocketmq import FakeServer, Reply

BUCKETS = (
    "[<=0ms]:7 [0~10ms]:2 [10~50ms]:0 [50~100ms]:0 [100~200ms]:0 [200~500ms]:0 [500ms~1s]:0 "
    "[1~2s]:0 [2~3s]:0 [3~4s]:0 [4~5s]:0 [5~10s]:0 [10s~]:1 "
)
_COUNTERS = """
msgPutTotalTodayNow msgGetTotalTodayNow msgPutTotalTodayMorning msgGetTotalTodayMorning
msgPutTotalYesterdayMorning msgGetTotalYesterdayMorning dispatchBehindBytes
dispatchMaxBuffer putMessageSizeTotal putMessageAverageSize putMessageTimesTotal
putMessageEntireTimeMax getMessageEntireTimeMax remainTransientStoreBufferNumbs
earliestMessageTimeStamp startAcceptSendRequestTimeStamp pageCacheLockTimeMills
commitLogDiskRatio consumeQueueDiskRatio commitLogMinOffset sendThreadPoolQueueSize
pullThreadPoolQueueSize queryThreadPoolQueueSize sendThreadPoolQueueCapacity
pullThreadPoolQueueCapacity queryThreadPoolQueueCapacity
sendThreadPoolQueueHeadWaitTimeMills pullThreadPoolQueueHeadWaitTimeMills
queryThreadPoolQueueHeadWaitTimeMills
"""


def runtime_table(offset: int, since5: bool = False) -> Dict[str, str]:
    """Runtime figures with the keys of 4.9.3, or those of 5.5.0."""
    table = dict.fromkeys(_COUNTERS.split(), "1")
    table.update(
        putMessageDistributeTime=BUCKETS,
        commitLogMaxOffset=str(offset),
        commitLogDirCapacity="Total : 252.0 GiB, Free : 58.9 GiB.",
        remainHowManyDataToFlush="1.5 KiB",
        bootTimestamp="1795412885858",
        getFoundTps="0.1 0.2 0.3",
        getTotalTps="1.0 2.0 3.0 ",
        getMissTps="0.0 0.0 0.0",
        putTps="0.5 0.25 0.125",
    )
    if since5:
        table.update(brokerVersionDesc="V5_5_0", getTransferredTps="4.0 5.0 6.0")
        table.update(putLatency99="0.99", putLatency999="2.50")
    else:
        table.update(brokerVersionDesc="V4_9_3", brokerVersion="399")
        table.update(getTransferedTps="4.0 5.0 6.0")
    return table


def fake_master(server: FakeServer, since5: bool = False) -> None:
    """A broker with a topic, its retry and dead letter topics, and a group that is behind."""
    topics = ("ORDERS", "%RETRY%billing", "%DLQ%billing", 'odd"name')
    server.on(28, {"table": runtime_table(1000, since5)})
    server.on(21, {"topicConfigTable": {topic: {"perm": 6} for topic in topics}})
    server.on(201, {"subscriptionGroupTable": {"billing": {}, "idle": {}}})
    offsets = b'{"offsetTable":{{"queueId":0}:{"maxOffset":5},{"queueId":1}:{"maxOffset":2}}}'
    server.on(202, offsets)
    server.on(
        317,
        b'{"consumeStatsList":[{"idle":[]},{"billing":['
        b'{"consumeTps":1.5,"offsetTable":{{"queueId":0,"topic":"ORDERS"}:{"brokerOffset":5,'
        b'"consumerOffset":1},{"queueId":1,"topic":"ORDERS"}:{"brokerOffset":2,'
        b'"consumerOffset":2}}},'
        b'{"consumeTps":0,"offsetTable":{{"queueId":0,"topic":"%RETRY%billing"}:'
        b'{"brokerOffset":3,"consumerOffset":1}}}]}]}',
    )
    connected = {
        "connectionSet": [{"clientAddr": "10.0.0.9:5", "clientId": "10.0.0.9@1"}],
        "messageModel": "CLUSTERING",
    }
    server.handlers[203] = lambda ext, _: (
        Reply(connected) if ext["consumerGroup"] == "billing" else Reply(code=206, remark="offline")
    )
    server.on(315, {"statsMinute": {"sum": 60, "tps": 1.0}})
    server.on(307, {"statusTable": {"ORDERS": {"consumeRT": 2.5}}})
    age = int(time.time() * 1000) - 4000
    server.on(11, b"\0" * 56 + age.to_bytes(8, "big"))
