import { Bed } from "../../src/bed";
import { type Client, type Load, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import type { Stack } from "../../src/stack";

/** A broker group added, then a name server, while messages flow: nobody notices. */
const TOPIC = "ORDERS";
/** Not declared in the program: only a broker that runs knows of it. */
const UNDECLARED = "PAYMENTS";
const VERSION = "5.5.0";
const OLD = ["h1", "h2"];

describe("scale out", () => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let deployed = false;

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "scaleout",
      net: "10.236.0",
      bridge: "br-rmq-so",
      hosts: 3,
      versions: [VERSION],
    });
    stack = await bed.stack("scaleout", configuration({}));
    const run = await stack.up();
    expect(run).toMatchObject({ code: 0 });
    await byHand(`updateTopic -c scale -t ${UNDECLARED} -r 2 -w 2`);
    await byHand("updateSubGroup -c scale -g audit -r 7");
    deployed = true;
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  beforeEach(() => {
    if (!deployed) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  /** h1 has the name server, h2 the first master, h3 is for what comes. */
  function configuration(more: { [key: string]: ConfigValue }): { [key: string]: ConfigValue } {
    const roles = [["namesrv"], ["broker"], ["broker", "namesrv"]];
    return {
      clusterName: "scale",
      version: VERSION,
      nameServers: 1,
      brokerGroups: 1,
      replicasPerGroup: 1,
      machines: bed.hosts.hosts.map(({ name, address }, i) => ({
        name,
        address,
        roles: roles[i] ?? [],
      })),
      exporter: { enabled: false },
      package: { mirror: bed.mirrorUrl },
      topics: { [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 } },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
      ...more,
    };
  }

  const namesrv = () => `${bed.address("h1")}:9876`;

  /** mqadmin ends with 0 also where the broker took too long to answer. */
  async function byHand(command: string): Promise<void> {
    const admin = `/opt/rocketmq/versions/${VERSION}/bin/mqadmin ${command} -n ${namesrv()} 2>&1`;
    for (let tries = 0; tries < 3; tries++) {
      if ((await bed.hosts.check("h2", admin)).includes("success")) {
        return;
      }
    }
    throw new Error(`mqadmin does not get it done: ${command}`);
  }

  function load(): Promise<Load> {
    return client.startLoad({ namesrv: namesrv(), topic: TOPIC, rate: 50, poll: 3_000 });
  }

  /** When the old brokers' and name servers' processes started. */
  function started(): Promise<string[]> {
    return Promise.all(
      (
        [
          ["h1", "mqnamesrv"],
          ["h2", "mqbroker@broker-a-0"],
        ] as const
      ).map(([host, unit]) =>
        bed.hosts.check(host, `systemctl show -p ExecMainStartTimestamp --value ${unit}`),
      ),
    );
  }

  async function up(): Promise<string> {
    const from = Date.now();
    const run = await stack.up();
    process.stderr.write(`up: ${((Date.now() - from) / 1000).toFixed(1)} s, exit ${run.code}\n`);
    expect(run).toMatchObject({ code: 0 });
    return run.text;
  }

  test("a group added has the cluster's topics before it registers, and no old machine is asked", async () => {
    const before = await started();
    const connections = await Promise.all(OLD.map((host) => bed.connections(host)));
    await bed.configure(stack, configuration({ brokerGroups: 2 }));
    const flow = await load();
    let result;
    try {
      const text = await up();
      // That of the load is there if its consumer has come already.
      expect(text).toMatch(/2 topics and [12] consumer groups of broker-a/);
      const now = await Promise.all(OLD.map((host) => bed.connections(host)));
      // Each count is read over a connection of its own.
      expect(now).toEqual(connections.map((count) => count + 1));
      // Clients read routes each 3 s here.
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    } finally {
      result = await flow.stop();
    }
    process.stderr.write(`load: ${JSON.stringify(result)}\n`);
    expect(result).toMatchObject({ lost: 0, failed: 0, errors: {} });
    expect(result.brokers["broker-b"]).toBeGreaterThan(0);
    expect(await started()).toEqual(before);

    const folder = "/data/rocketmq/broker-b-0/store/config";
    const groups = await bed.hosts.check("h3", `cat ${folder}/subscriptionGroup.json`);
    expect(
      (
        JSON.parse(groups) as {
          subscriptionGroupTable: Record<string, { retryMaxTimes: number }>;
        }
      ).subscriptionGroupTable["audit"],
    ).toMatchObject({ retryMaxTimes: 7 });
    const other = await client.produce({ namesrv: namesrv(), topic: UNDECLARED, count: 20 });
    expect(other).toMatchObject({ failed: 0 });
    expect(Object.keys(other.brokers).sort()).toEqual(["broker-a", "broker-b"]);
  });

  test("a name server added is known to every broker without a restart", async () => {
    const before = await started();
    await bed.configure(stack, configuration({ brokerGroups: 2, nameServers: 2 }));
    const flow = await load();
    let result;
    try {
      await up();
    } finally {
      result = await flow.stop();
    }
    process.stderr.write(`load: ${JSON.stringify(result)}\n`);
    expect(result).toMatchObject({ lost: 0, failed: 0, errors: {} });
    expect(await started()).toEqual(before);
    const sent = await client.produce({
      namesrv: `${bed.address("h3")}:9876`,
      topic: TOPIC,
      count: 20,
    });
    expect(sent).toMatchObject({ failed: 0 });
    expect(Object.keys(sent.brokers).sort()).toEqual(["broker-a", "broker-b"]);
  });
});
