import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import { alertNames, OBSERVABILITY } from "../../src/prometheus";
import { Remoting } from "../../src/remoting";
import type { Stack } from "../../src/stack";
import { eventually } from "../support/eventually";
import { send } from "../support/messages";
import { succeeded } from "../support/succeeded";
import { Watcher } from "../support/watcher";

/**
 * Faults made on real hosts, one for each alert: it fires, about what was broken, and ends when that
 * is mended. Beside them the series that dashboards and alerts of Apache's exporter read.
 */
const NET = "10.253.0";
const TOPIC = "ORDERS";
/** Its queue cannot be made, so that what is stored does not get into it. */
const STUCK = "STUCK";
const LABELS = { cluster: "watched", env: "test" };

describe.each(["5.5.0", "4.9.3"])("alerts of RocketMQ %s", (version) => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let watcher: Watcher;

  const namesrv = () => `${bed.address("h1")}:9876;${bed.address("h2")}:9876`;

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "alerts",
      net: NET,
      bridge: "bral",
      hosts: 3,
      versions: [version],
      consul: true,
      hostOptions: { disk: "8G" },
    });
    watcher = await Watcher.start(bed, LABELS);
    stack = await bed.stack("alerts", {
      clusterName: LABELS.cluster,
      environment: LABELS.env,
      version,
      nameServers: 2,
      machines: bed.hosts.hosts.map(({ name, address }, i) => ({
        name,
        address,
        roles: i < 2 ? ["namesrv", "broker"] : ["exporter"],
      })),
      package: { mirror: bed.mirrorUrl },
      consul: { address: bed.consul?.address ?? "" },
      exporter: { intervalSeconds: 2 },
      topics: {
        [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 },
        [STUCK]: { writeQueueNums: 1, readQueueNums: 1 },
      },
      subscriptionGroups: { billing: {}, shipping: {} },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
    });
    const { code, text } = await stack.up();
    if (code !== 0) {
      throw new Error(`there is no cluster to watch:\n${text}`);
    }
  }, 45 * 60_000);

  afterAll(async () => {
    await watcher?.stop();
    await bed?.down();
  }, 120_000);

  const fires = (name: string, labels: Record<string, string>) => watcher.fires(name, labels);
  const ends = (...names: string[]) => watcher.ends(...names);
  const firing = (name: string) => watcher.firing(name);

  /** Changes the settings of the exporter that runs, behind the library's back. */
  async function exporterSettings(change: Record<string, number | null>): Promise<void> {
    const edit =
      "import json, sys; old = json.load(open(sys.argv[1])); new = {**old, **json.loads(sys.argv[2])}; " +
      "json.dump({k: v for k, v in new.items() if v is not None}, open(sys.argv[1], 'w'))";
    await bed.hosts.check(
      "h3",
      `python3 -c "${edit}" /opt/rocketmq/nodes/exporter/current/exporter.json '${JSON.stringify(change)}' && ` +
        "systemctl restart mqexporter",
    );
  }

  /** Messages of 1 MB, which a client would send compressed to nothing; how many were taken. */
  async function sendMegabytes(topic: string, count: number): Promise<number> {
    const connection = await Remoting.connect(`${bed.address("h1")}:10911`);
    // Several at once, since a first file of the log takes its time to be made.
    const answers = await Promise.all(
      Array.from({ length: count }, () => send(connection, topic, { bytes: 1_000_000 })),
    );
    connection.close();
    return answers.filter(({ code }) => code === 0).length;
  }

  /** Sends all the time, so many at once, without a client that would wait for answers. */
  function flood(atOnce: number): { stop: () => Promise<void> } {
    let over = false;
    const one = async (connection: Remoting): Promise<void> => {
      while (!over) {
        // Whether it is taken is not the point.
        await send(connection, TOPIC, { bytes: 4096 });
      }
    };
    const all = Remoting.connect(`${bed.address("h1")}:10911`).then(async (connection) => {
      await Promise.all(Array.from({ length: atOnce }, () => one(connection)));
      connection.close();
    });
    return {
      stop: () => {
        over = true;
        return all;
      },
    };
  }

  test("a healthy cluster raises nothing", async () => {
    await ends("RocketMQBrokerDown", "RocketMQGroupWithoutMaster", "RocketMQExporterMissing");
    const seen = () => watcher.prometheus.query("rocketmq_exporter_brokers_scraped == 2");
    expect(await eventually(seen, (samples) => samples.length > 0)).toHaveLength(1);
    const alerts = async () =>
      (await watcher.prometheus.alerts()).filter(({ state }) => state === "firing");
    expect(await eventually(alerts, (found) => found.length === 0)).toEqual([]);
  });

  test("a slave that is stopped: broker down, and the group still has its master", async () => {
    await bed.hosts.check("h2", "systemctl stop mqbroker");
    await fires("RocketMQBrokerDown", { broker: "broker-a", brokerId: "1", severity: "warning" });
    expect(await firing("RocketMQGroupWithoutMaster")).toEqual([]);
    await bed.hosts.check("h2", "systemctl start mqbroker");
    await ends("RocketMQBrokerDown");
  });

  test("a slave that hangs: the exporter goes on, and says who does not answer", async () => {
    await bed.hosts.check("h2", "systemctl kill -s STOP mqbroker@broker-a-1");
    await fires("RocketMQBrokerDown", { broker: "broker-a", brokerId: "1" });
    const [scraped, failed] = await Promise.all(
      [
        "rocketmq_exporter_brokers_scraped",
        'rocketmq_exporter_broker_errors_total{brokerId="1"}',
      ].map((query) => watcher.prometheus.query(query)),
    );
    expect(Number(scraped?.[0]?.value[1])).toBe(1);
    expect(Number(failed?.[0]?.value[1])).toBeGreaterThan(0);
    await bed.hosts.check("h2", "systemctl kill -s CONT mqbroker@broker-a-1");
    await ends("RocketMQBrokerDown");
  });

  test("a master that is stopped: group without master", async () => {
    await bed.hosts.check("h1", "systemctl stop mqbroker");
    await fires("RocketMQGroupWithoutMaster", { broker: "broker-a", severity: "critical" });
    await bed.hosts.check("h1", "systemctl start mqbroker");
    await ends("RocketMQGroupWithoutMaster", "RocketMQBrokerDown");
  });

  test("name servers that are stopped: one missing, then none", async () => {
    await bed.hosts.check("h2", "systemctl stop mqnamesrv");
    await fires("RocketMQNameServerMissing", { namesrv: `${bed.address("h2")}:9876` });
    expect(await firing("RocketMQNoNameServer")).toEqual([]);
    await bed.hosts.check("h1", "systemctl stop mqnamesrv");
    await fires("RocketMQNoNameServer", { severity: "critical" });
    await Promise.all(
      ["h1", "h2"].map((host) => bed.hosts.check(host, "systemctl start mqnamesrv")),
    );
    await ends("RocketMQNoNameServer", "RocketMQNameServerMissing", "RocketMQBrokerDown");
  });

  test("messages that nobody reads: lag grows, and there is no consumer", async () => {
    // Offsets of the group, without which nobody knows that it is behind.
    await client.produce({ namesrv: namesrv(), topic: TOPIC, count: 50 });
    await client.consume({
      namesrv: namesrv(),
      topic: TOPIC,
      group: "billing",
      count: 50,
      timeout: 60,
    });
    const sending = client.produce({
      namesrv: namesrv(),
      topic: TOPIC,
      duration: 90,
      rate: 50,
      poll: 1000,
    });
    await fires("RocketMQConsumerLagGrowing", { group: "billing", topic: TOPIC });
    await fires("RocketMQNoConsumer", { group: "billing", topic: TOPIC });
    await fires("RocketMQConsumerLate", { group: "billing", topic: TOPIC });
    const { sent } = await sending;
    expect(sent).toBeGreaterThan(1000);
    await client.consume({
      namesrv: namesrv(),
      topic: TOPIC,
      group: "billing",
      count: sent,
      timeout: 120,
    });
    await ends("RocketMQConsumerLagGrowing", "RocketMQNoConsumer", "RocketMQConsumerLate");
  });

  test("messages that cannot be consumed become dead letters", async () => {
    const { keys } = await client.produce({ namesrv: namesrv(), topic: TOPIC, count: 5 });
    await client.consume({
      namesrv: namesrv(),
      topic: TOPIC,
      group: "shipping",
      count: 5,
      keys,
      timeout: 60,
      reject: 1,
    });
    await fires("RocketMQDeadLetters", { group: "shipping" });
    await ends("RocketMQDeadLetters");
  });

  test("every series of the reference is there while clients are at work", async () => {
    const reference = JSON.parse(
      fs.readFileSync(path.join(OBSERVABILITY, "series.json"), "utf8"),
    ) as { name: string; labels: string[] }[];
    // Somebody would have to consume dead letters.
    const absent = ["rocketmq_group_dlqdiff"];
    const load = await client.startLoad({ namesrv: namesrv(), topic: TOPIC, group: "billing" });
    const missing = await eventually(
      async () => {
        const found = new Map<string, Set<string>>();
        for (const { metric } of await watcher.prometheus.query('{__name__=~"rocketmq_.+"}')) {
          const name = metric["__name__"] ?? "";
          found.set(name, new Set([...(found.get(name) ?? []), ...Object.keys(metric)]));
        }
        return reference.filter(
          ({ name, labels }) =>
            !found.has(name) ||
            // `brokerHost` is always empty, and so no label for Prometheus.
            labels.some((label) => label !== "brokerHost" && !found.get(name)?.has(label)),
        );
      },
      (names) => names.every(({ name }) => absent.includes(name)),
    );
    await load.stop();
    expect(missing.map(({ name }) => name).sort()).toEqual(absent.sort());
  });

  test("a disk that fills up: first a warning, then the write stop", async () => {
    const broker = { brokerIP: `${bed.address("h1")}:10911` };
    // Blocks of 1 MiB until so many percent are used.
    const fill = (percent: number) =>
      bed.hosts.check(
        "h1",
        `set -- $(df -m --output=size,used /data | tail -1); fallocate -l $(( $1 * ${percent} / 100 - $2 ))M /data/ballast-${percent}`,
      );
    await fill(84);
    await fires("RocketMQDiskFilling", broker);
    expect(await firing("RocketMQDiskWriteStop")).toEqual([]);
    await fill(89);
    await fires("RocketMQDiskWriteStop", { ...broker, severity: "critical" });
    await bed.hosts.check("h1", "rm /data/ballast-*");
    await ends("RocketMQDiskWriteStop");
  });

  test("a slave with a slow link: it is behind, until it is not", async () => {
    await bed.hosts.slow("h2", "2mbit");
    // 80 MB, of which the link takes 15 in a minute.
    expect(await sendMegabytes(TOPIC, 80)).toBe(80);
    await fires("RocketMQSlaveBehind", { brokerIP: `${bed.address("h2")}:10911` });
    await bed.hosts.slow("h2", "off");
    await ends("RocketMQSlaveBehind", "RocketMQBrokerDown", "RocketMQNameServerMissing");
  });

  test("a disk that hangs again and again: sends wait", async () => {
    const sends = flood(100);
    let over = false;
    const stalls = (async () => {
      while (!over) {
        // After a second RocketMQ clears the queue, by refusing what is in it.
        await bed.hosts.stall("h1", 0.8);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    try {
      await fires("RocketMQSendQueueWaiting", { brokerIP: `${bed.address("h1")}:10911` });
    } finally {
      over = true;
      await stalls;
      await sends.stop();
    }
    await ends("RocketMQSendQueueWaiting");
  });

  test("a queue that cannot be written: what is stored does not get there", async () => {
    const queues = "/data/rocketmq/broker-a-0/store/consumequeue";
    await bed.hosts.check("h1", `mkdir ${queues}/${STUCK} && chown root: ${queues}/${STUCK}`);
    // RocketMQ tries for half a minute, and refuses messages then. The alert takes 64 MiB.
    expect(await sendMegabytes(STUCK, 80)).toBeGreaterThanOrEqual(68);
    await fires("RocketMQDispatchBehind", { brokerIP: `${bed.address("h1")}:10911` });
    await bed.hosts.check("h1", `chown rocketmq: ${queues}/${STUCK}`);
    await ends("RocketMQDispatchBehind");
    // Else it would go on refusing messages.
    await bed.hosts.check("h1", "systemctl restart mqbroker");
    await ends("RocketMQBrokerDown", "RocketMQGroupWithoutMaster", "RocketMQSlaveBehind");
  });

  test("an exporter with less room than there are series", async () => {
    await exporterSettings({ maxSeries: 10 });
    await fires("RocketMQSeriesDropped", { instance: `${bed.address("h3")}:5557` });
    await exporterSettings({ maxSeries: null });
    await ends("RocketMQSeriesDropped");
  });

  test("an exporter that is cut off from the cluster: blind, and silent about brokers", async () => {
    await bed.hosts.split(["h3"], ["h1", "h2"]);
    await fires("RocketMQExporterBlind", { severity: "critical" });
    // By now it serves the old figures no more: that must not look like brokers that went away.
    expect(await watcher.prometheus.query("rocketmq_exporter_brokers_seen")).toEqual([]);
    expect(await firing("RocketMQBrokerDown")).toEqual([]);
    expect(await firing("RocketMQGroupWithoutMaster")).toEqual([]);
    await bed.hosts.unsplit();
    await ends("RocketMQExporterBlind", "RocketMQNoNameServer", "RocketMQNameServerMissing");
  });

  test("an exporter that is killed is started again", async () => {
    const pid = () => bed.hosts.check("h3", "systemctl show -p MainPID --value mqexporter");
    const before = await pid();
    await bed.hosts.check("h3", "systemctl kill -s KILL mqexporter");
    const after = await eventually(pid, (now) => now !== before && now.trim() !== "0");
    expect(after).not.toBe(before);
    await ends("RocketMQExporterDown", "RocketMQExporterBlind");
  });

  test("an exporter that is stopped: down, and back", async () => {
    await bed.hosts.check("h3", "systemctl stop mqexporter");
    await fires("RocketMQExporterDown", { instance: `${bed.address("h3")}:5557` });
    await bed.hosts.check("h3", "systemctl start mqexporter");
    await ends("RocketMQExporterDown");
  });

  test("name servers that change: the exporter follows, without a restart", async () => {
    const pid = () => bed.hosts.check("h3", "systemctl show -p MainPID --value mqexporter");
    const before = await pid();
    await stack.configure({ nameServers: "1" }, {});
    succeeded(await stack.up());
    const asked = await eventually(
      () => watcher.prometheus.query("rocketmq_exporter_namesrv_up"),
      (samples) => samples.length === 1,
    );
    expect(asked.map(({ metric, value }) => [metric["namesrv"], value[1]])).toEqual([
      [`${bed.address("h1")}:9876`, "1"],
    ]);
    expect(await pid()).toBe(before);
    expect(await firing("RocketMQNameServerMissing")).toEqual([]);
  });

  test("an exporter that is taken out of the program leaves Consul, and Prometheus says so", async () => {
    await stack.configure({ "exporter.enabled": "false" }, {});
    // The exporter is all that is registered: without it the program refuses to have a Consul.
    succeeded(await stack.run(["config", "rm", "consul"]));
    succeeded(await stack.up());
    const gone = "RocketMQExporterMissing";
    const lost = await eventually(
      () => firing(gone),
      (alerts) => alerts.length === 2,
    );
    // Of this cluster's, and since it was the only one, of all.
    expect(lost.map(({ labels }) => labels["cluster"] ?? "")).toEqual(
      expect.arrayContaining([LABELS.cluster, ""]),
    );
    watcher.fired.add(gone);
    expect(await watcher.prometheus.targets()).toEqual([]);
  });

  test("each alert there is has fired", () => {
    expect(alertNames().filter((name) => !watcher.fired.has(name))).toEqual([]);
  });
});
