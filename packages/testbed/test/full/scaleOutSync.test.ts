import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import type { Stack } from "../../src/stack";
import { succeeded } from "../support/succeeded";

/**
 * A group joins whose master acknowledges only what its slave has, too: it takes no message before
 * its slave is fed, or these would fail.
 */
const TOPIC = "ORDERS";
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];

describe.each(["5.5.0", "4.9.3"])("scale out of RocketMQ %s with SYNC_MASTER", (version) => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "scaleoutsync",
      net: "10.236.1",
      bridge: "br-rmq-sy",
      hosts: 4,
      versions: [version],
    });
    stack = await bed.stack("scaleoutsync", configuration(1));
    succeeded(await stack.up());
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  function configuration(groups: number): { [key: string]: ConfigValue } {
    return {
      clusterName: "sync",
      version,
      nameServers: 1,
      groups: [
        { key: "a", machines: ["h1", "h2"] },
        { key: "b", machines: ["h3", "h4"] },
      ].slice(0, groups),
      brokerRole: "SYNC_MASTER",
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      exporter: { enabled: false },
      package: { mirror: bed.mirrorUrl },
      topics: { [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 } },
      namesrvJvm: { heapMb: 80, options: JVM },
      brokerJvm: { heapMb: 192, directMemoryMb: 160, options: JVM },
    };
  }

  test("nobody who sends notices", async () => {
    await bed.reconfigure(stack, configuration(2));
    const load = await client.startLoad({
      namesrv: `${bed.address("h1")}:9876`,
      topic: TOPIC,
      rate: 50,
      // Often, as the new master is to be met at its first moment.
      poll: 500,
    });
    let result;
    try {
      succeeded(await stack.up());
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    } finally {
      result = await load.stop();
    }
    process.stderr.write(`${version}: load ${JSON.stringify(result)}\n`);
    expect(result).toMatchObject({ lost: 0, failed: 0, errors: {} });
    expect(result.brokers["broker-b"]).toBeGreaterThan(0);
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  });
});
