"""Everything that name servers and brokers are asked, under one name.

Functions with `_on` take an open Connection, for several calls on one socket.
"""

from .broker import (
    Perm,
    broker_runtime,
    broker_runtime_on,
    get_broker_config,
    update_broker_config,
)
from .config import NotAppliedError
from .groups import (
    create_subscription_group,
    create_subscription_groups,
    group_differences,
    shared_groups,
    subscription_groups,
    subscription_groups_on,
)
from .namesrv import (
    ClusterInfo,
    QueueData,
    Route,
    add_write_permission,
    cluster_info,
    cluster_info_on,
    get_namesrv_config,
    namesrv_alive,
    registered,
    route,
    topic_names,
    update_namesrv_config,
    wipe_write_permission,
)
from .offsets import (
    GroupStats,
    QueueOffsets,
    TopicOffsets,
    consume_stats,
    consume_stats_on,
    consumer_offsets,
    topic_offsets,
    topic_offsets_on,
)
from .order import declare_ordered, order_config, order_configs
from .replication import HaStatus, Replication, SlaveConnection, ha_status, replication
from .topics import (
    create_topic,
    create_topics,
    topic_configs,
    topic_configs_on,
    topic_differences,
)

__all__ = [
    "ClusterInfo",
    "GroupStats",
    "HaStatus",
    "NotAppliedError",
    "Perm",
    "QueueData",
    "QueueOffsets",
    "Replication",
    "Route",
    "SlaveConnection",
    "TopicOffsets",
    "add_write_permission",
    "broker_runtime",
    "broker_runtime_on",
    "cluster_info",
    "cluster_info_on",
    "consume_stats",
    "consume_stats_on",
    "consumer_offsets",
    "create_subscription_group",
    "create_subscription_groups",
    "create_topic",
    "create_topics",
    "declare_ordered",
    "get_broker_config",
    "get_namesrv_config",
    "group_differences",
    "ha_status",
    "namesrv_alive",
    "order_config",
    "order_configs",
    "registered",
    "replication",
    "route",
    "shared_groups",
    "subscription_groups",
    "subscription_groups_on",
    "topic_configs",
    "topic_configs_on",
    "topic_differences",
    "topic_names",
    "topic_offsets",
    "topic_offsets_on",
    "update_broker_config",
    "update_namesrv_config",
    "wipe_write_permission",
]
