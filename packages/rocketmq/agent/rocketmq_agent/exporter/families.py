"""The series besides the brokers' runtime figures.

Names, labels and units are those of Apache's exporter (0.0.2 and 0.0.3), so that its dashboards
and alert rules go on working. The last block is ours.
"""

from .text import Family

_TOPIC = ("cluster", "broker", "topic")
_GROUP = ("cluster", "broker", "topic", "group")
_DIFF = ("group", "topic", "countOfOnlineConsumers", "msgModel")
_BROKER = ("cluster", "brokerIP", "broker")
_CLIENT = ("clientAddr", "clientId", "group", "topic")

PRODUCER_OFFSET = Family("rocketmq_producer_offset", "Messages ever put in a topic", _TOPIC)
RETRY_OFFSET = Family("rocketmq_topic_retry_offset", "Messages ever put in a retry topic", _TOPIC)
DLQ_OFFSET = Family(
    "rocketmq_topic_dlq_offset",
    "Messages ever put in a dead letter topic",
    ("cluster", "broker", "group"),
)
PRODUCER_TPS = Family("rocketmq_producer_tps", "Messages put a second, last minute", _TOPIC)
PRODUCER_SIZE = Family("rocketmq_producer_message_size", "Bytes put a second, last minute", _TOPIC)

CONSUMER_TPS = Family("rocketmq_consumer_tps", "Messages sent a second, last minute", _GROUP)
CONSUMER_SIZE = Family("rocketmq_consumer_message_size", "Bytes sent a second, last minute", _GROUP)
CONSUMER_OFFSET = Family("rocketmq_consumer_offset", "Messages consumed (offset)", _GROUP)
SEND_BACK = Family("rocketmq_send_back_nums", "Messages sent back for a retry, last minute", _GROUP)
LATENCY = Family(
    "rocketmq_group_get_latency_by_storetime",
    "Milliseconds since the oldest unread message was stored",
    _GROUP,
)
GROUP_DIFF = Family("rocketmq_group_diff", "Messages not consumed yet", _DIFF)
GROUP_RETRY_DIFF = Family(
    "rocketmq_group_retrydiff", "Messages waiting for a retry to be consumed", _DIFF
)
GROUP_DLQ_DIFF = Family("rocketmq_group_dlqdiff", "Dead letters not consumed", _DIFF)
GROUP_COUNT = Family("rocketmq_group_count", "Consumers connected", ("caddr", "localaddr", "group"))

BROKER_TPS = Family("rocketmq_broker_tps", "Messages put a second, last minute", _BROKER)
BROKER_QPS = Family("rocketmq_broker_qps", "Messages got a second, last minute", _BROKER)
COMMITLOG_DIFF = Family(
    "rocketmq_broker_commitlog_diff", "Bytes that a slave is behind its master", _BROKER
)

CLIENT_FAILED = Family(
    "rocketmq_client_consume_fail_msg_count", "Messages failed, last hour", _CLIENT
)
CLIENT_FAILED_TPS = Family(
    "rocketmq_client_consume_fail_msg_tps", "Messages failed a second", _CLIENT
)
CLIENT_OK_TPS = Family("rocketmq_client_consume_ok_msg_tps", "Messages consumed a second", _CLIENT)
CLIENT_RT = Family("rocketmq_client_consume_rt", "Milliseconds to consume a message", _CLIENT)
CLIENT_PULL_RT = Family("rocketmq_client_consumer_pull_rt", "Milliseconds a pull", _CLIENT)
CLIENT_PULL_TPS = Family("rocketmq_client_consumer_pull_tps", "Messages pulled a second", _CLIENT)

_OWN = "rocketmq_exporter_"
_PEER = ("cluster", "broker", "brokerId", "brokerIP")
BROKER_UP = Family(_OWN + "broker_up", "1: the broker answered in this collection", _PEER)
BROKER_ERRORS = Family(
    _OWN + "broker_errors_total", "Collections that a broker failed", _PEER, "counter"
)
BROKER_SECONDS = Family(_OWN + "broker_scrape_seconds", "Time that a broker took", _PEER)
BROKERS_SEEN = Family(_OWN + "brokers_seen", "Brokers that the name servers know", ())
BROKERS_SCRAPED = Family(_OWN + "brokers_scraped", "Brokers that answered", ())
NAMESRV_UP = Family(_OWN + "namesrv_up", "1: the name server answered", ("namesrv",))
SERIES = Family(_OWN + "series", "Series in the snapshot, these not counted", ())
SERIES_DROPPED = Family(_OWN + "series_dropped", "Series left out: there are too many", ())
DURATION = Family(_OWN + "collection_duration_seconds", "Time that the collection took", ())
COLLECTIONS = Family(_OWN + "collections_total", "Collections begun", (), "counter")
FAILURES = Family(
    _OWN + "collection_failures_total", "Collections that gave no snapshot", (), "counter"
)
SNAPSHOT_AGE = Family(_OWN + "snapshot_age_seconds", "Age of what is served here", ())
SNAPSHOT_TIME = Family(
    _OWN + "snapshot_timestamp_seconds", "When what is served here was complete", ()
)
