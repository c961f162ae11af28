"""A cluster of any size in one process of its own: name server and brokers on loopback.

    python many_brokers.py BROKERS TOPICS GROUPS SPREAD BUSY

Half of the brokers are masters, each topic is on SPREAD of them, and group n reads topic n.
With BUSY 1 every topic has had messages in the last minute, with 0 none.
Prints the name server's address. A line `hang N` on stdin makes the Nth master accept and never
answer, `vanish N` closes its port; each is answered with `done`.
"""

import asyncio
import json
import re
import struct
import sys
import time
from typing import Dict, List, Optional

from fake_broker import runtime_table
from fake_rocketmq import Reply, cluster_body, frame_of

# Of a topic on a broker.
_QUEUES = 4

_CODE = re.compile(rb'"code": ?(\d+)')
_OPAQUE = re.compile(rb'"opaque": ?(\d+)')
_GROUP = re.compile(rb'"consumerGroup": ?"[^"]*-(\d+)"')


class Server(asyncio.Protocol):
    """Answers by code out of what was rendered before, so that it costs little itself."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        data, at, answers = self._data + data, 0, []
        while len(data) - at >= 8:
            length, size = struct.unpack_from(">ii", data, at)
            if len(data) - at < 4 + length:
                break
            if not self._node.silent:
                answers.append(self._answer(data[at + 8 : at + 8 + size]))
            at += 4 + length
        self._data = data[at:]
        if self._node.bodies:
            self._transport.write(b"".join(answers))
        else:
            self._transport.close()

    def _answer(self, header: bytes) -> bytes:
        code, opaque = (int(one.search(header).group(1)) for one in (_CODE, _OPAQUE))  # type: ignore[union-attr]
        if code == 203 and int(_GROUP.search(header).group(1)) % 2:  # type: ignore[union-attr]
            return frame_of(opaque, Reply(code=206, remark="not online"))
        body = self._node.bodies.get(code)
        if body is None:
            return frame_of(opaque, Reply(code=3))
        answer = f'{{"code":0,"flag":1,"opaque":{opaque},"version":513}}'.encode()
        return struct.pack(">ii", 4 + len(answer) + len(body), len(answer)) + answer + body


class Node:
    """A name server or broker."""

    def __init__(self, bodies: Dict[int, bytes]) -> None:
        self.bodies = bodies
        self.silent = False
        self._server: Optional[asyncio.AbstractServer] = None

    async def start(self) -> str:
        """Serves from now on; the address."""
        loop = asyncio.get_event_loop()
        self._server = await loop.create_server(lambda: Server(self), "127.0.0.1", 0)
        return "127.0.0.1:{}".format(self._server.sockets[0].getsockname()[1])  # type: ignore[union-attr]

    def close(self) -> None:
        """No new connections; the next request on an open one closes it."""
        assert self._server is not None
        self._server.close()
        self.bodies = {}


def _queues(n: int) -> str:
    """A group's place in its topic: of three groups one has read everything."""
    return ",".join(
        f'{{"brokerName":"broker","queueId":{queue},"topic":"topic-{n}"}}:{{'
        f'"brokerOffset":{100 + n},"consumerOffset":{100 + n - (n % 3 if queue == 0 else 0)},'
        f'"lastTimestamp":0}}'
        for queue in range(_QUEUES)
    )


def master(topics: List[int], groups: List[int], busy: bool) -> Dict[int, bytes]:
    """What a master of these topics says; the groups are declared on every master."""
    statistics = ",".join(
        f'{{"group-{n}":[{{"consumeTps":1.5,"offsetTable":{{{_queues(n)}}}}}]}}'
        for n in topics
        if n in set(groups)
    )
    client = {"clientAddr": "10.0.0.9:5", "clientId": "10.0.0.9@1"}
    stored = int(time.time() * 1000) - 4000
    config = {"perm": 6, "writeQueueNums": _QUEUES, "readQueueNums": _QUEUES}
    bodies: Dict[int, object] = {
        21: {"topicConfigTable": {f"topic-{n}": config for n in topics}},
        28: {"table": runtime_table(1000, since5=True)},
        201: {"subscriptionGroupTable": {f"group-{n}": {} for n in groups}},
        203: {"connectionSet": [client], "messageModel": "CLUSTERING"},
        307: {"statusTable": {"topic": {"consumeRT": 2.5}}},
        315: {
            "statsMinute": {"sum": 60 * busy, "tps": 1.0 * busy},
            "statsHour": {},
            "statsDay": {},
        },
    }
    return {
        11: b"\0" * 56 + stored.to_bytes(8, "big"),
        202: b'{"offsetTable":{{"queueId":0}:{"maxOffset":5},{"queueId":1}:{"maxOffset":2}}}',
        317: f'{{"consumeStatsList":[{statistics}]}}'.encode(),
        **{code: json.dumps(body).encode() for code, body in bodies.items()},
    }


async def serve(brokers: int, topics: int, groups: int, spread: int, busy: int) -> None:
    """Everything, until stdin ends."""
    count = brokers // 2
    masters = [
        Node(
            master(
                [n for n in range(topics) if (index - n) % count < spread],
                list(range(groups)),
                bool(busy),
            )
        )
        for index in range(count)
    ]
    slaves = [Node({28: json.dumps({"table": runtime_table(900)}).encode()}) for _ in masters]
    table = {
        f"broker-{index}": {0: await masters[index].start(), 1: await slaves[index].start()}
        for index in range(count)
    }
    print(await Node({106: cluster_body(table)}).start(), flush=True)
    loop = asyncio.get_event_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        what, index = line.split()
        if what == "hang":
            masters[int(index)].silent = True
        else:
            masters[int(index)].close()
        print("done", flush=True)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(serve(*(int(one) for one in sys.argv[1:6])))
