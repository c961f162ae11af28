"""What name servers and brokers differ in."""

from typing import List, NamedTuple, Optional


class Role(NamedTuple):
    """One kind of RocketMQ server."""

    title: str
    main: str
    # Its file in a release.
    conf: str
    port: int
    # Its log files, most telling first.
    logs: List[str]
    part_of: Optional[str]


NAMESRV = Role(
    "name server",
    "org.apache.rocketmq.namesrv.NamesrvStartup",
    "namesrv.conf",
    9876,
    ["namesrv.log"],
    None,
)
BROKER = Role(
    "broker",
    "org.apache.rocketmq.broker.BrokerStartup",
    "broker.conf",
    10911,
    ["broker.log", "store.log", "storeerror.log"],
    "mqbroker",
)
