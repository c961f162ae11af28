import { Bed } from "../../src/bed";
import { type Client, type LoadResult, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import type { Stack } from "../../src/stack";
import { eventually } from "../support/eventually";
import { succeeded } from "../support/succeeded";

/**
 * Nodes that come, move and go while messages flow: a slave added, a slave, a name server and the
 * exporter on another machine, and any name server taken out. Masters are not restarted (RocketMQ 4.9.4
 * and later), and no send fails.
 */
const TOPIC = "ORDERS";
const LONG = 20 * 60_000;
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];

describe.each(["5.5.0", "4.9.7"])("nodes of RocketMQ %s", (version) => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let deployed = false;

  /** h1: the master; h2 to h5: for slaves and name servers. */
  interface Shape {
    slaves: string[];
    nameServers: string[];
    numbers?: number[];
    exporter?: string;
  }
  const FIRST: Shape = { slaves: [], nameServers: ["h2", "h3"] };

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "toreplace",
      net: "10.219.1",
      bridge: "brto2",
      hosts: 5,
      versions: [version],
    });
    stack = await bed.stack("replace", configuration(FIRST));
    succeeded(await stack.up());
    deployed = true;
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  beforeEach(() => {
    if (!deployed) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  function configuration({ slaves, nameServers, numbers, exporter = "h5" }: Shape): {
    [key: string]: ConfigValue;
  } {
    return {
      clusterName: "replace",
      version,
      nameServerMachines: nameServers,
      ...(numbers ? { nameServerNumbers: numbers } : {}),
      groups: [{ key: "a", machines: ["h1", ...slaves] }],
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      topics: { [TOPIC]: { readQueueNums: 4, writeQueueNums: 4, order: true } },
      exporter: { machine: exporter },
      package: { mirror: bed.mirrorUrl },
      namesrvJvm: { heapMb: 96, options: JVM },
      brokerJvm: { heapMb: 256, directMemoryMb: 192, options: JVM },
    };
  }

  const namesrv = (...hosts: string[]) => hosts.map((h) => `${bed.address(h)}:9876`).join(";");

  async function started(host: string, unit: string): Promise<string> {
    return bed.hosts.check(host, `systemctl show -p ExecMainStartTimestamp --value ${unit}`);
  }

  async function units(host: string): Promise<string> {
    const { stdout } = await bed.hosts.ssh(
      host,
      "systemctl list-units --plain --no-legend 'mqnamesrv*' 'mqbroker@*' | cut -d' ' -f1; true",
    );
    return stdout.trim();
  }

  /** Changes the cluster under load; what the preview said, and what users noticed. */
  async function change(shape: Shape): Promise<{ preview: string; noticed: LoadResult }> {
    await bed.reconfigure(stack, configuration(shape));
    const preview = await stack.preview();
    expect(preview).toMatchObject({ code: 0 });
    const master = await started("h1", "mqbroker@broker-a-0");
    const load = await client.startLoad({
      // h3 and h4 are in every list.
      namesrv: namesrv("h3"),
      topic: TOPIC,
      rate: 50,
      poll: 3_000,
    });
    const from = Date.now();
    let noticed;
    try {
      const run = await stack.up();
      const seconds = ((Date.now() - from) / 1000).toFixed(1);
      process.stderr.write(`${version}: up in ${seconds} s, exit ${run.code}\n`);
      if (run.code !== 0) {
        process.stderr.write(`${run.text.split("Diagnostics:").pop()}\n`);
      }
      expect(run).toMatchObject({ code: 0 });
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    } finally {
      noticed = await load.stop();
    }
    process.stderr.write(`${version}: load ${JSON.stringify(noticed)}\n`);
    expect(noticed).toMatchObject({ failed: 0, lost: 0, errors: {} });
    expect(await started("h1", "mqbroker@broker-a-0")).toBe(master);
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    return { preview: preview.text, noticed };
  }

  /** Everything that was sent is read from a slave while its master is away. */
  async function holdsAll(count: number): Promise<void> {
    const { keys } = await client.produce({ namesrv: namesrv("h3"), topic: TOPIC, count });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await bed.hosts.check("h1", "systemctl stop mqbroker@broker-a-0");
    try {
      const read = await client.consume({
        namesrv: namesrv("h3"),
        topic: TOPIC,
        group: `audit-${keys}`,
        count,
        keys,
        timeout: 90,
      });
      expect(read.received).toBe(count);
    } finally {
      await bed.hosts.check("h1", "systemctl start mqbroker@broker-a-0");
    }
    // The master was stopped by this test: what comes next begins when routes have it again.
    const master = `${bed.address("h1")}:10911`;
    const mqadmin = `/opt/rocketmq/versions/${version}/bin/mqadmin`;
    const list = await eventually(
      async () => {
        const listed = `${mqadmin} clusterList -n ${namesrv("h3")} 2>&1`;
        return (await bed.hosts.ssh("h1", listed)).stdout;
      },
      (text) => text.includes(master),
    );
    expect(list).toContain(master);
  }

  test(
    "a slave is added",
    async () => {
      await change({ ...FIRST, slaves: ["h4"] });
      await holdsAll(20);
    },
    LONG,
  );

  test(
    "a slave moves to another machine: it stops on the old one, catches up on the new one",
    async () => {
      const { preview } = await change({ ...FIRST, slaves: ["h5"] });
      expect(preview).toContain("broker-a-1: moves from h4 to h5");
      expect(await units("h4")).toBe("");
      expect(await units("h5")).toContain("mqbroker@broker-a-1");
      expect(await bed.hosts.check("h4", "ls /data/rocketmq")).toContain("broker-a-1");
      await holdsAll(20);
    },
    LONG,
  );

  test(
    "a name server moves: everybody knows the new one before the old one stops",
    async () => {
      const { preview } = await change({ slaves: ["h5"], nameServers: ["h4", "h3"] });
      expect(preview).toContain("namesrv-0: moves from h2 to h4");
      expect(await units("h2")).toBe("");
      const sent = await client.produce({ namesrv: namesrv("h4"), topic: TOPIC, count: 20 });
      expect(sent).toMatchObject({ failed: 0 });
      const metrics = await (await fetch(`http://${bed.address("h5")}:5557/metrics`)).text();
      expect(metrics).toContain("broker-a");
    },
    LONG,
  );

  test(
    "the exporter moves: it answers on the new machine before it stops on the old one",
    async () => {
      const { preview } = await change({
        slaves: ["h5"],
        nameServers: ["h4", "h3"],
        exporter: "h2",
      });
      expect(preview).toContain("exporter: moves from h5 to h2");
      const metrics = await (await fetch(`http://${bed.address("h2")}:5557/metrics`)).text();
      expect(metrics).toContain("broker-a");
      await expect(fetch(`http://${bed.address("h5")}:5557/metrics`)).rejects.toThrow();
    },
    LONG,
  );

  test(
    "the first of the name servers is taken out, the other keeps its number",
    async () => {
      const last = await started("h3", "mqnamesrv");
      await change({ slaves: ["h5"], nameServers: ["h3"], numbers: [1], exporter: "h2" });
      expect(await units("h4")).toBe("");
      expect(await started("h3", "mqnamesrv")).toBe(last);
    },
    LONG,
  );
});
