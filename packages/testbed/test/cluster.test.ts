import * as path from "node:path";
import { Bed } from "../src/bed";
import { Browser, prepareBrowser } from "../src/browser";
import { type Client, prepareClient } from "../src/client";
import { prepareDiscovery } from "../src/prometheus";
import { nothingChanged, type Stack } from "../src/stack";
import { commandLine } from "./support/commandLine";
import { eventually } from "./support/eventually";
import { catalogue } from "./support/prometheus";
import { succeeded } from "./support/succeeded";
import { Watcher } from "./support/watcher";

/**
 * The demo's cluster, deployed by the library with the Pulumi CLI on real hosts, and looked at
 * through RocketMQ itself.
 */
const TOPIC = "ORDERS";
const NAMESRVS = ["h1", "h2"];
/** A first send loads classes on both sides, which on a busy machine takes longer than 3 s. */
const PATIENT = { sendTimeout: 20_000 };
const ALL = ["h1", "h2", "h3", "h4", "h5"];

describe.each(["5.5.0", "4.9.3"])("RocketMQ %s on five hosts", (version) => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let watcher: Watcher;
  let outputs: {
    namesrvAddr: string;
    exporterEndpoint: string;
    brokerAddresses: Record<string, string>;
  };
  /** The first test deploys; without it the others say nothing. */
  let deployed = false;

  beforeAll(async () => {
    client = await prepareClient();
    // Here, since the first time they take minutes.
    await prepareDiscovery();
    await prepareBrowser();
    bed = await Bed.up({
      name: "cluster",
      net: "10.232.0",
      bridge: "br-rmq-c",
      hosts: 5,
      versions: [version],
      consul: true,
    });
    const roles = [["namesrv"], ["namesrv"], ["broker"], ["broker"], ["exporter"]];
    stack = await bed.stack("cluster", {
      clusterName: "test",
      version,
      nameServers: 2,
      machines: bed.hosts.hosts.map(({ name, address }, i) => ({
        name,
        address,
        roles: roles[i] ?? [],
      })),
      package: { mirror: bed.mirrorUrl },
      consul: { address: bed.consul?.address ?? "", services: ["exporter", "namesrv", "broker"] },
      topics: { [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 } },
      subscriptionGroups: { billing: {}, audit: {} },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
      allowDestroy: false,
    });
  }, 45 * 60_000);

  afterAll(async () => {
    await watcher?.stop();
    await bed?.down();
  }, 120_000);

  beforeEach(() => {
    const name = expect.getState().currentTestName ?? "";
    if (!deployed && !name.includes("deployed from nothing")) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  const namesrv = (host: string) => `${bed.address(host)}:9876`;

  async function clusterList(through: string): Promise<string[]> {
    const { stdout } = await bed.hosts.ssh(
      "h1",
      `/opt/rocketmq/versions/${version}/bin/mqadmin clusterList -n ${through} 2>/dev/null`,
    );
    return stdout.split("\n").filter((line) => line.includes("broker-a"));
  }

  /** Every broker is registered with every name server; polled, since a reboot takes its time. */
  async function registered(brokers = 2): Promise<void> {
    const until = Date.now() + 90_000;
    await Promise.all(
      NAMESRVS.map(async (host) => {
        let rows: string[] = [];
        do {
          rows = await clusterList(namesrv(host));
        } while (rows.length < brokers && Date.now() < until);
        expect(rows).toHaveLength(brokers);
      }),
    );
  }

  /** The slave has every byte of its master's log, and its topics, which 5.5.0 fetches once a minute. */
  async function caughtUp(): Promise<void> {
    await bed.hosts.check(
      "h4",
      `timeout 150 sh -c 'until grep -qs ${TOPIC} /data/rocketmq/broker-a-1/store/config/topics.json; do sleep 1; done'`,
    );
    const end = async (host: string) => {
      const stats = await bed.hosts.check(
        "h1",
        `/opt/rocketmq/versions/${version}/bin/mqadmin brokerStatus -n ${namesrv("h1")} ` +
          `-b ${bed.address(host)}:10911 2>/dev/null`,
      );
      return /commitLogMaxOffset\s*:\s*(\d+)/.exec(stats)?.[1];
    };
    for (let i = 0; i < 10; i++) {
      const [master, slave] = await Promise.all([end("h3"), end("h4")]);
      if (master !== undefined && master === slave) {
        return;
      }
    }
    throw new Error("the slave has not caught up");
  }

  async function exchange(group: string, through = namesrv("h1"), count = 20): Promise<void> {
    const sent = await client.produce({ namesrv: through, topic: TOPIC, count, ...PATIENT });
    expect(sent).toMatchObject({ sent: count, failed: 0 });
    const received = await client.consume({
      namesrv: through,
      topic: TOPIC,
      group,
      count,
      timeout: 60,
    });
    expect(received.received).toBeGreaterThanOrEqual(count);
  }

  test("is deployed from nothing", async () => {
    const run = await stack.up();
    expect(run).toMatchObject({ code: 0, text: expect.stringContaining("created") as string });
    deployed = true;
    outputs = await stack.outputs();
    expect(outputs.namesrvAddr).toBe(`${namesrv("h1")};${namesrv("h2")}`);
    await registered();
    expect(await clusterList(namesrv("h1"))).toHaveLength(2);
  });

  test("takes messages and gives them back through both name servers", async () => {
    await exchange("billing", namesrv("h1"));
    await exchange("billing", namesrv("h2"));
  });

  test("serves metrics of every broker, and Consul knows where", async () => {
    const body = await (await fetch(outputs.exporterEndpoint)).text();
    for (const address of Object.values(outputs.brokerAddresses)) {
      expect(body).toContain(`"${address}"`);
    }
    expect(await catalogue(bed, "rocketmq-exporter")).toMatchObject([
      {
        ServiceAddress: bed.address("h5"),
        ServicePort: 5557,
        ServiceTags: ["prometheus", "test"],
        ServiceMeta: { metrics_path: "/metrics", cluster: "test", role: "exporter" },
      },
    ]);
    const registered = [
      ...(await catalogue(bed, "rocketmq-namesrv")),
      ...(await catalogue(bed, "rocketmq-broker")),
    ];
    expect(registered.map((one) => `${one.ServiceID} ${one.ServiceAddress}`)).toEqual([
      `test-namesrv-0 ${bed.address("h1")}`,
      `test-namesrv-1 ${bed.address("h2")}`,
      `test-broker-a-0 ${bed.address("h3")}`,
      `test-broker-a-1 ${bed.address("h4")}`,
    ]);
  });

  test("Prometheus finds it there by the documented configuration", async () => {
    watcher = await Watcher.start(bed, { cluster: "test" });
    const up = await eventually(
      () => watcher.prometheus.query('rocketmq_exporter_broker_up{cluster="test"} == 1'),
      (samples) => samples.length === 2,
    );
    expect(up.map(({ metric }) => `${metric["job"]} ${metric["instance"]}`)).toEqual(
      Array(2).fill(`rocketmq ${bed.address("h5")}:5557`),
    );
    await watcher.ends("RocketMQBrokerDown", "RocketMQGroupWithoutMaster");
  });

  test("its status is that all is well, and a browser shows it", async () => {
    const page = path.join(bed.folder, "status.html");
    const { code, stdout, stderr } = await commandLine(stack, "status", "--html", page);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^✓ test: all is well \(asked from h1/);
    expect(stdout).toMatch(/broker-a-1 .* (in sync|behind)$/m);
    const browser = await Browser.start();
    try {
      await browser.open(page, { width: 1160, height: 900, scheme: "light" });
      expect(await browser.evaluate("document.body.innerText")).toContain("broker-a-1");
      expect(await browser.evaluate("document.documentElement.scrollWidth")).toBe(1160);
      expect(browser.complaints).toEqual([]);
    } finally {
      await browser.stop();
    }
  });

  test("runs again with zero changes and not one SSH connection", async () => {
    const before = await Promise.all(ALL.map((host) => bed.connections(host)));
    const run = await stack.up();
    expect(run.code).toBe(0);
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
    const now = await Promise.all(ALL.map((host) => bed.connections(host)));
    // Each count is read over a connection of its own.
    expect(now).toEqual(before.map((count) => count + 1));
  });

  test("runs as an unprivileged user, tuned, started at boot", async () => {
    for (const [host, unit] of [
      ["h1", "mqnamesrv"],
      ["h3", "mqbroker@broker-a-0"],
      ["h4", "mqbroker@broker-a-1"],
      ["h5", "mqexporter"],
    ] as const) {
      const { stdout } = await bed.hosts.ssh(
        host,
        `systemctl is-enabled ${unit}; systemctl is-active ${unit}; ` +
          `ps -o user= -p $(systemctl show -p MainPID --value ${unit})`,
      );
      expect(stdout.trim().split("\n")).toEqual(["enabled", "active", "rocketmq"]);
    }
    const { stdout } = await bed.hosts.ssh(
      "h3",
      "echo $(cat /proc/sys/vm/max_map_count) $(cat /proc/sys/vm/swappiness)",
    );
    expect(stdout.trim()).toBe("655360 1");
  });

  test("stops cleanly and starts, twice", async () => {
    const brokers = [
      ["h3", "broker-a-0"],
      ["h4", "broker-a-1"],
    ] as const;
    for (let round = 0; round < 2; round++) {
      await Promise.all(
        brokers.map(async ([host, slot]) => {
          const store = await bed.hosts.check(
            host,
            `systemctl stop mqbroker && ls /data/rocketmq/${slot}/store`,
          );
          // RocketMQ removes this file at the very end of a clean shutdown.
          expect(store.split("\n")).not.toContain("abort");
          await bed.hosts.check(host, "systemctl start mqbroker");
        }),
      );
      await bed.hosts.check("h2", "systemctl restart mqnamesrv");
      await registered();
    }
    await exchange("billing", namesrv("h2"));
  });

  test("a slave holds its master's data: with the master stopped everything is read from it, and an alert fires", async () => {
    const { keys } = await client.produce({
      namesrv: namesrv("h1"),
      topic: TOPIC,
      count: 30,
      ...PATIENT,
    });
    await caughtUp();
    await bed.hosts.check("h3", "systemctl stop mqbroker");
    const received = await client.consume({
      namesrv: namesrv("h1"),
      topic: TOPIC,
      group: "audit",
      count: 30,
      keys,
      timeout: 60,
    });
    await watcher.fires("RocketMQGroupWithoutMaster", { broker: "broker-a" });
    await bed.hosts.check("h3", "systemctl start mqbroker");
    expect(received.received).toBe(30);
    await registered();
    await watcher.ends("RocketMQGroupWithoutMaster", "RocketMQBrokerDown");
  });

  test("everything is back by itself after a reboot of all hosts", async () => {
    await bed.hosts.reboot(...ALL);
    await registered();
    await exchange("billing");
    const preview = await stack.preview("--expect-no-changes");
    expect(preview.code).toBe(0);
  });

  test("is not destroyed by mistake, nor touched, and told how to do it", async () => {
    const connections = () => Promise.all(ALL.map((host) => bed.connections(host)));
    const before = await connections();
    const run = await stack.destroy();
    expect(run.code).not.toBe(0);
    expect(run.text).toContain("destroy-guard-set-allowDestroy-and-run-pulumi-up-first");
    await stack.configure({ allowDestroy: "true" });
    succeeded(await stack.up());
    // One by asking for the count itself.
    expect(await connections()).toEqual(before.map((count) => count + 1));
    await exchange("billing");
  });

  test("is destroyed with nothing left but its data", async () => {
    const run = await stack.destroy();
    expect(run).toMatchObject({ code: 0 });
    for (const host of ALL) {
      const { stdout } = await bed.hosts.ssh(
        host,
        "ls -d /opt/rocketmq /var/lib/rocketmq-agent /etc/sysctl.d/90-rocketmq.conf " +
          "/etc/systemd/system/mq* ~ops/.rocketmq-agent 2>/dev/null; pgrep -a java; true",
      );
      expect({ host, left: stdout.trim() }).toEqual({ host, left: "" });
    }
    const data = await bed.hosts.ssh("h3", "ls /data/rocketmq/broker-a-0/store/commitlog | wc -l");
    expect(Number(data.stdout)).toBeGreaterThan(0);
    for (const service of ["exporter", "namesrv", "broker"]) {
      expect(await catalogue(bed, `rocketmq-${service}`)).toEqual([]);
    }
  });
});
