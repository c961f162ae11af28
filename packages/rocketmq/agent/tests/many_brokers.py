"""A cluster of any size in one process of its own: name server and brokers on loopback.

    python many_brokers.py BROKERS TOPICS GROUPS SPREAD

Half of the brokers are masters, each topic is on SPREAD of them, and group n reads topic n.
Prints the name server's address. A line `hang N` on stdin makes the Nth master accept and never
answer, `vanish N` closes its port; each is answered with `done`.
"""

import asyncio
import json
import struct
import sys
import time
from typing import Dict, List, Optional

from fake_broker import runtime_table
from fake_rocketmq import Reply, cluster_body, frame_of


class Server:
    """Answers by code out of what was rendered before, so that it costs little itself."""

    def __init__(self, bodies: Dict[int, bytes]) -> None:
        self.bodies = bodies
        self.silent = False
        self._server: Optional[asyncio.AbstractServer] = None

    async def start(self) -> str:
        """Serves from now on; the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return "127.0.0.1:{}".format(self._server.sockets[0].getsockname()[1])  # type: ignore[union-attr]

    def close(self) -> None:
        """No new connections; the next request on an open one closes it."""
        assert self._server is not None
        self._server.close()
        self.bodies = {}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (length,) = struct.unpack(">i", await reader.readexactly(4))
                frame = await reader.readexactly(length)
                (mark,) = struct.unpack(">i", frame[:4])
                header = json.loads(frame[4 : 4 + (mark & 0xFFFFFF)].decode())
                while self.silent:
                    await asyncio.sleep(0.1)
                if not self.bodies:
                    break
                writer.write(self._answer(header))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, header: Dict[str, object]) -> bytes:
        code, opaque = int(str(header["code"])), int(str(header["opaque"]))
        if code == 203 and _number(header) % 2:
            return frame_of(opaque, Reply(code=206, remark="not online"))
        body = self.bodies.get(code)
        return frame_of(opaque, Reply(code=3) if body is None else Reply(body), 513)


def _number(header: Dict[str, object]) -> int:
    ext = header["extFields"]
    assert isinstance(ext, dict)
    return int(str(ext["consumerGroup"]).rsplit("-", 1)[1])


def master(topics: List[int], groups: List[int]) -> Dict[int, bytes]:
    """What a master of these topics says; the groups are declared on every master."""
    statistics = ",".join(
        f'{{"group-{n}":[{{"consumeTps":1.5,"offsetTable":{{{{"queueId":0,"topic":"topic-{n}"}}:'
        f'{{"brokerOffset":{100 + n},"consumerOffset":{100 + n - n % 3}}}}}}}]}}'
        for n in topics
        if n in set(groups)
    )
    client = {"clientAddr": "10.0.0.9:5", "clientId": "10.0.0.9@1"}
    stored = int(time.time() * 1000) - 4000
    bodies: Dict[int, object] = {
        21: {"topicConfigTable": {f"topic-{n}": {"perm": 6} for n in topics}},
        28: {"table": runtime_table(1000, since5=True)},
        201: {"subscriptionGroupTable": {f"group-{n}": {} for n in groups}},
        203: {"connectionSet": [client], "messageModel": "CLUSTERING"},
        307: {"statusTable": {"topic": {"consumeRT": 2.5}}},
        315: {"statsMinute": {"sum": 60, "tps": 1.0}, "statsHour": {}, "statsDay": {}},
    }
    return {
        11: b"\0" * 56 + stored.to_bytes(8, "big"),
        202: b'{"offsetTable":{{"queueId":0}:{"maxOffset":5},{"queueId":1}:{"maxOffset":2}}}',
        317: f'{{"consumeStatsList":[{statistics}]}}'.encode(),
        **{code: json.dumps(body).encode() for code, body in bodies.items()},
    }


async def serve(brokers: int, topics: int, groups: int, spread: int) -> None:
    """Everything, until stdin ends."""
    count = brokers // 2
    masters = [
        Server(
            master([n for n in range(topics) if (index - n) % count < spread], list(range(groups)))
        )
        for index in range(count)
    ]
    slaves = [Server({28: json.dumps({"table": runtime_table(900)}).encode()}) for _ in masters]
    table = {
        f"broker-{index}": {0: await masters[index].start(), 1: await slaves[index].start()}
        for index in range(count)
    }
    print(await Server({106: cluster_body(table)}).start(), flush=True)
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
    asyncio.get_event_loop().run_until_complete(serve(*(int(one) for one in sys.argv[1:5])))
