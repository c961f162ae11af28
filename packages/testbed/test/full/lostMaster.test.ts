import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import type { Stack } from "../../src/stack";
import { succeeded } from "../support/succeeded";

/**
 * The machine of a master is gone for good, and its slave has the only copy of what it had: an empty
 * master is refused, and the way that docs/alerts.md tells brings the messages back.
 */
const TOPIC = "ORDERS";
const COUNT = 50;
const LONG = 20 * 60_000;
const HEAP_MB = 272;
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];
const DATA = "/data/rocketmq";

describe.each(["5.5.0", "4.9.3"])("the machine of a master of RocketMQ %s", (version) => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let keys = "";

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "lostmaster",
      net: "10.219.2",
      bridge: "brlm",
      hosts: 4,
      versions: [version],
    });
    stack = await bed.stack("lost", configuration("h1"));
    succeeded(await stack.up());
    const sent = await client.produce({ namesrv: namesrv(), topic: TOPIC, count: COUNT });
    expect(sent).toMatchObject({ failed: 0 });
    keys = sent.keys;
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  /** `mq1` has the master, at this host's address; `mq2` the slave, `mq3` the name server. */
  function configuration(first: string, heapMb = 256): { [key: string]: ConfigValue } {
    return {
      clusterName: "lost",
      version,
      nameServerMachines: ["mq3"],
      groups: [{ key: "a", machines: ["mq1", "mq2"] }],
      machines: [first, "h2", "h3"].map((host, i) => ({
        name: `mq${i + 1}`,
        address: bed.address(host),
      })),
      topics: { [TOPIC]: { readQueueNums: 4, writeQueueNums: 4 } },
      exporter: { enabled: false },
      package: { mirror: bed.mirrorUrl },
      namesrvJvm: { heapMb: 96, options: JVM },
      brokerJvm: { heapMb, directMemoryMb: 192, options: JVM },
    };
  }

  const namesrv = () => `${bed.address("h3")}:9876`;

  test(
    "has it down: the update that changes its cause restarts the slave once, and has both up",
    async () => {
      await bed.hosts.check("h1", "systemctl stop mqbroker@broker-a-0");
      await bed.reconfigure(stack, configuration("h1", HEAP_MB));
      const run = await stack.up();
      succeeded(run);
      expect(run.text).toContain("broker-a has no master now, so its slave is not waited for");
      const sent = await client.produce({ namesrv: namesrv(), topic: TOPIC, count: COUNT });
      expect(sent).toMatchObject({ failed: 0 });
    },
    LONG,
  );

  test(
    "is replaced: an empty master is not started, and the slave keeps what it has",
    async () => {
      // The slave has all of it, and the topic.
      await new Promise((resolve) => setTimeout(resolve, 70_000));
      await bed.hosts.kill("h1");
      await bed.reconfigure(stack, configuration("h4", HEAP_MB));
      const run = await stack.up();
      expect(run.code).not.toBe(0);
      expect(run.text).toMatch(/broker-a has messages on its slave [0-9.:]+, and none here/);
      expect(run.text).toContain("RocketMQGroupWithoutMaster");
      const { stdout } = await bed.hosts.ssh("h4", "pgrep -x java; true");
      expect(stdout.trim()).toBe("");
    },
    LONG,
  );

  test(
    "a copy of the slave's store makes a master of it, with every message",
    async () => {
      await bed.hosts.check("h2", "systemctl stop mqbroker@broker-a-1");
      const packed = await bed.hosts.check(
        "h2",
        `tar -C ${DATA}/broker-a-1 -cSz store | base64 -w0`,
      );
      await bed.hosts.check(
        "h4",
        `mkdir -p ${DATA}/broker-a-0 && base64 -d | tar -C ${DATA}/broker-a-0 -xSz && ` +
          `cd ${DATA}/broker-a-0 && sed -i 's/"brokerId": 1/"brokerId": 0/' store/.rocketmq-agent.json && ` +
          "chown -R rocketmq: store",
        { input: packed },
      );
      succeeded(await stack.up());
      await bed.hosts.check("h2", "systemctl start mqbroker@broker-a-1");
      // It takes messages. (5.5.0 hands out the last one that it has recovered with the next that comes.)
      const sent = await client.produce({ namesrv: namesrv(), topic: TOPIC, count: COUNT });
      expect(sent).toMatchObject({ failed: 0 });
      const read = await client.consume({
        namesrv: namesrv(),
        topic: TOPIC,
        group: "audit",
        count: COUNT,
        keys,
        timeout: 120,
      });
      expect(read.received).toBe(COUNT);
      expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    },
    LONG,
  );
});
