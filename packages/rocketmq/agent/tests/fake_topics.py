"""A master with topics, queues and readers that can be changed as a broker's can."""

import json
from typing import Any, Dict, List, Tuple

from fake_rocketmq import FakeServer, Reply
from rocketmq_agent.remoting import codes


class TopicsBroker(FakeServer):
    """`queues`: first and last offset by topic and number. `offsets`: by topic and group."""

    def __init__(self, version: int = 399) -> None:
        super().__init__(version)
        self.topics: Dict[str, Dict[str, Any]] = {}
        self.groups: Dict[str, Dict[str, Any]] = {}
        self.queues: Dict[Tuple[str, int], Tuple[int, int]] = {}
        self.offsets: Dict[Tuple[str, str], Dict[int, int]] = {}
        # Groups with consumers connected.
        self.online: List[str] = []
        # What they subscribe to, by group.
        self.subscriptions: Dict[str, List[str]] = {}
        # Those of them that keep their offsets themselves.
        self.broadcasting: List[str] = []
        self.handlers.update(
            {
                codes.GET_ALL_TOPIC_CONFIG: lambda *_: Reply({"topicConfigTable": self.topics}),
                codes.GET_ALL_SUBSCRIPTIONGROUP_CONFIG: lambda *_: Reply(
                    {"subscriptionGroupTable": self.groups}
                ),
                codes.GET_ALL_CONSUMER_OFFSET: lambda *_: Reply(
                    {"offsetTable": {"@".join(key): at for key, at in self.offsets.items()}}
                ),
                codes.UPDATE_CONSUMER_OFFSET: lambda ext, _: self._commit(ext),
                codes.GET_MIN_OFFSET: lambda ext, _: self._end(ext, 0),
                codes.GET_MAX_OFFSET: lambda ext, _: self._end(ext, 1),
                codes.UPDATE_AND_CREATE_TOPIC: lambda ext, _: self._set_topic(ext),
                codes.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP: lambda _, body: self._set_group(body),
                codes.DELETE_TOPIC_IN_BROKER: lambda ext, _: self._gone(self.topics, ext["topic"]),
                codes.DELETE_SUBSCRIPTIONGROUP: lambda ext, _: self._gone(
                    self.groups, ext["groupName"]
                ),
                codes.GET_CONSUMER_CONNECTION_LIST: lambda ext, _: self._clients(ext),
            }
        )

    def has(self, topic: str, count: int = 2, **more: Any) -> None:
        """Give it a topic."""
        sizes = {"readQueueNums": count, "writeQueueNums": count}
        self.topics[topic] = {"topicName": topic, **sizes, "perm": 6, "order": False, **more}

    def _end(self, ext: Dict[str, str], which: int) -> Reply:
        queue = ext["topic"], int(ext["queueId"])
        return Reply(ext={"offset": str(self.queues.get(queue, (0, 0))[which])})

    def _commit(self, ext: Dict[str, str]) -> Reply:
        queues = self.offsets.setdefault((ext["topic"], ext["consumerGroup"]), {})
        queues[int(ext["queueId"])] = int(ext["commitOffset"])
        return Reply()

    def _set_topic(self, ext: Dict[str, str]) -> Reply:
        self.has(ext["topic"], perm=int(ext["perm"]), order=ext["order"] == "true")
        for key in ("readQueueNums", "writeQueueNums"):
            self.topics[ext["topic"]][key] = int(ext[key])
        return Reply()

    def _set_group(self, body: bytes) -> Reply:
        config = json.loads(body)
        self.groups[config["groupName"]] = config
        return Reply()

    def _gone(self, table: Dict[str, Any], name: str) -> Reply:
        table.pop(name, None)
        return Reply()

    def _clients(self, ext: Dict[str, str]) -> Reply:
        group = ext["consumerGroup"]
        if group not in self.online:
            return Reply(code=codes.CONSUMER_NOT_ONLINE, remark="offline")
        model = "BROADCASTING" if group in self.broadcasting else "CLUSTERING"
        return Reply(
            {
                "connectionSet": [{"clientAddr": "10.0.0.9:5", "clientId": "10.0.0.9@1"}],
                "messageModel": model,
                "subscriptionTable": {one: {} for one in self.subscriptions.get(group, ())},
            }
        )
