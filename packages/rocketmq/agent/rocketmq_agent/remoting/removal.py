"""Topics and consumer groups taken away."""

from . import codes
from .connection import Connection
from .errors import RemotingError


def delete_topic_on(connection: Connection, topic: str) -> None:
    """Takes a topic with its messages off one broker; nothing happens where it is not there."""
    connection.ask(codes.DELETE_TOPIC_IN_BROKER, {"topic": topic})


def delete_route(namesrv: str, topic: str, cluster: str) -> None:
    """Has a name server forget a topic, which it does not when its brokers have none any more."""
    with Connection(namesrv) as connection:
        # RocketMQ 5 takes it away for one cluster, 4.9 for all; `cluster` is ignored there.
        ext = {"topic": topic, "clusterName": cluster}
        response = connection.call(codes.DELETE_TOPIC_IN_NAMESRV, ext)
    if response.code not in (0, codes.TOPIC_NOT_EXIST):
        raise RemotingError(f"{namesrv}: {response.remark}", response.code)


def delete_subscription_group_on(connection: Connection, group: str) -> None:
    """Takes a consumer group with its offsets off one broker."""
    # RocketMQ 4.9 calls the second member so, 5 the third.
    ext = {"groupName": group, "removeOffset": "true", "cleanOffset": "true"}
    connection.ask(codes.DELETE_SUBSCRIPTIONGROUP, ext)
