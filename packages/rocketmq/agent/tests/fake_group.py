"""A cluster with a master that is taken out, and another one that stays."""

import struct
from typing import Any, Callable, Dict, List

from fake_topics import TopicsBroker

from fake_rocketmq import FakeServer, Reply, cluster_body
from rocketmq_agent.remoting import codes
from support import document


class LeavingMaster(TopicsBroker):
    """A master of which everything can be asked that tells what is unread in it."""

    def __init__(self) -> None:
        super().__init__(513)
        self.config = {"brokerPermission": "6", "listenPort": "1"}
        self.runtime = {"putMessageTimesTotal": "7", "dispatchBehindBytes": "0"}
        self.delays: Dict[int, int] = {}
        # Told of each value that a key is given.
        self.changed: Callable[[str], None] = lambda _: None
        # Tags of messages, by topic.
        self.tags: Dict[str, List[str]] = {}
        self.handlers.update(
            {
                codes.GET_BROKER_CONFIG: lambda *_: Reply(
                    "".join(f"{key}={value}\n" for key, value in self.config.items()).encode()
                ),
                codes.UPDATE_BROKER_CONFIG: lambda _, body: self._update(body),
                codes.GET_BROKER_RUNTIME_INFO: lambda *_: Reply({"table": self.runtime}),
                codes.GET_ALL_DELAY_OFFSET: lambda *_: Reply({"offsetTable": self.delays}),
                codes.PULL_MESSAGE: lambda ext, _: self._pull(ext),
            }
        )

    def holds(self, topic: str, *sizes: int) -> None:
        """Give it a topic with this many messages in its queues."""
        self.has(topic, len(sizes))
        for number, size in enumerate(sizes):
            self.queues[topic, number] = (0, size)

    def _update(self, body: bytes) -> Reply:
        key, _, value = body.decode().strip().partition("=")
        self.config[key] = value
        self.changed(value)
        return Reply()

    def _pull(self, ext: Dict[str, str]) -> Reply:
        tags, at = self.tags.get(ext["topic"], []), int(ext["queueOffset"])
        if at >= len(tags):
            return Reply(code=codes.PULL_NOT_FOUND)
        # One at a time, as a broker may, so that the reader has to go on.
        further = {"nextBeginOffset": str(at + 1)}
        if tags[at] != ext["subscription"]:
            return Reply(code=codes.PULL_RETRY_IMMEDIATELY, ext=further)
        return Reply(struct.pack(">i", 8) + b"abcd", ext=further)


class LeavingGroup:
    """The master, its name server, which shows what the master's permission is, and a peer."""

    def __init__(self) -> None:
        self.master = LeavingMaster()
        self.peer = TopicsBroker()
        self.namesrv = FakeServer()
        self.knows(0)
        self.namesrv.handlers[105] = lambda *_: Reply(self._route())
        # What happened to it, in order.
        self.events: List[str] = []
        self.wiped = False
        self.master.changed = self._changed
        self.namesrv.handlers[codes.WIPE_WRITE_PERM_OF_BROKER] = lambda *_: self._wipe()
        # Orders of topics, as the name server keeps them.
        self.orders: Dict[str, str] = {}
        self.namesrv.handlers[codes.GET_KVLIST_BY_NAMESPACE] = lambda *_: Reply(
            {"table": self.orders}
        )
        self.namesrv.handlers[codes.GET_KV_CONFIG] = lambda ext, _: Reply(
            ext={"value": self.orders.get(ext["key"], "")}
        )
        self.namesrv.handlers[codes.PUT_KV_CONFIG] = lambda ext, _: self._put(ext)

    def close(self) -> None:
        for server in (self.master, self.peer, self.namesrv):
            server.close()

    def knows(self, *peer_ids: int) -> None:
        """What the name server has of the peer's group: its master (0), a slave (1), nothing."""
        members = {"broker-a": {0: self.master.address}}
        if peer_ids:
            members["broker-b"] = dict.fromkeys(peer_ids, self.peer.address)
        self.namesrv.on(106, cluster_body(members, document("broker-a-0-config")["cluster"]))

    def _put(self, ext: Dict[str, str]) -> Reply:
        self.orders[ext["key"]] = ext["value"]
        return Reply()

    def _changed(self, value: str) -> None:
        # It registers.
        self.wiped = False
        self.events.append(f"set to {value}")

    def _wipe(self) -> Reply:
        self.wiped = True
        self.events.append("wiped")
        return Reply()

    def _route(self) -> Dict[str, Any]:
        own = 4 if self.wiped else int(self.master.config["brokerPermission"])
        perms = {"broker-a": own, "broker-b": 6}
        return {
            "queueDatas": [
                {"brokerName": name, "perm": perm, "readQueueNums": 1, "writeQueueNums": 1}
                for name, perm in perms.items()
            ],
            "brokerDatas": [],
        }

    def document(self, **more: Any) -> Dict[str, Any]:
        """Of the steps that wait for, and ask about, what is unread."""
        config = document("broker-a-0-config")
        kept = ("format", "host", "cluster", "node", "paths", "user", "identity")
        return {
            **{key: config[key] for key in kept},
            "address": self.master.address,
            "namesrv": [self.namesrv.address],
            "ignoreGroups": [],
            "ignoreTopics": [],
            "seconds": 0,
            "timeout": 5,
            **more,
        }
