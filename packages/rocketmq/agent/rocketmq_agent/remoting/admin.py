"""Everything that name servers and brokers are asked, under one name.

Functions with `_on` take an open Connection, for several calls on one socket.
"""

from .backlog import QueueEnds, Unread, all_queues, queue_ends_on, unread_on
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
    request_modes,
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
    consumer_offsets_on,
    topic_offsets,
    topic_offsets_on,
)
from .order import declare_ordered, leave_order, order_config, order_configs
from .removal import delete_route, delete_subscription_group_on, delete_topic_on
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
    "QueueEnds",
    "QueueOffsets",
    "Replication",
    "Route",
    "SlaveConnection",
    "TopicOffsets",
    "Unread",
    "add_write_permission",
    "all_queues",
    "broker_runtime",
    "broker_runtime_on",
    "cluster_info",
    "cluster_info_on",
    "consume_stats",
    "consume_stats_on",
    "consumer_offsets",
    "consumer_offsets_on",
    "create_subscription_group",
    "create_subscription_groups",
    "create_topic",
    "create_topics",
    "declare_ordered",
    "delete_route",
    "delete_subscription_group_on",
    "delete_topic_on",
    "get_broker_config",
    "get_namesrv_config",
    "group_differences",
    "ha_status",
    "leave_order",
    "namesrv_alive",
    "order_config",
    "order_configs",
    "queue_ends_on",
    "registered",
    "replication",
    "request_modes",
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
    "unread_on",
    "update_broker_config",
    "update_namesrv_config",
    "wipe_write_permission",
]
