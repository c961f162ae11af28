import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import {
  type Alert,
  dashboardQueries,
  impatientRules,
  preparePrometheus,
  Prometheus,
} from "../../src/prometheus";
import type { Stack } from "../../src/stack";
import { eventually } from "../support/eventually";
import { catalogue, watch } from "../support/prometheus";
import { succeeded } from "../support/succeeded";

/**
 * A cluster seen through a real Consul and a real Prometheus: it is found, its series carry their
 * labels, and dashboards have something to show. The rules are the project's, with minutes made
 * seconds; alerts.test.ts has a fault for each of them.
 */
const NET = "10.248.0";
const TOPIC = "ORDERS";
const LABELS = { cluster: "watched", env: "test" };

describe("monitoring", () => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let prometheus: Prometheus;

  const namesrv = () => `${bed.address("h1")}:9876;${bed.address("h2")}:9876`;

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "monitoring",
      net: NET,
      bridge: "br-c2",
      hosts: 3,
      versions: ["5.5.0"],
      consul: true,
      hostOptions: { disk: "8G" },
    });
    prometheus = await watch(bed);
    stack = await bed.stack("monitoring", {
      clusterName: LABELS.cluster,
      environment: LABELS.env,
      version: "5.5.0",
      nameServers: 2,
      machines: bed.hosts.hosts.map(({ name, address }, i) => ({
        name,
        address,
        roles: i < 2 ? ["namesrv", "broker"] : ["exporter"],
      })),
      package: { mirror: bed.mirrorUrl },
      consul: {
        address: bed.consul?.address ?? "",
        services: ["exporter", "namesrv", "broker", "brokerMetrics"],
      },
      brokerConfig: { metricsExporterType: "PROM" },
      exporter: { intervalSeconds: 2 },
      topics: { [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 } },
      subscriptionGroups: { billing: {} },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
    });
    const { code, text } = await stack.up();
    if (code !== 0) {
      throw new Error(`there is no cluster to watch:\n${text}`);
    }
  }, 45 * 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    await bed?.down();
  }, 120_000);

  const targetsOf = async (job: string) =>
    (await prometheus.targets())
      .filter(({ labels }) => labels["job"] === job)
      .sort((a, b) => a.scrapeUrl.localeCompare(b.scrapeUrl));

  const firing = async (name: string): Promise<Alert[]> =>
    (await prometheus.alerts()).filter(
      ({ labels, state }) => labels["alertname"] === name && state === "firing",
    );

  async function ends(...names: string[]): Promise<void> {
    for (const name of names) {
      const left = await eventually(
        () => firing(name),
        (alerts) => alerts.length === 0,
      );
      expect(left).toEqual([]);
    }
  }

  test("Prometheus finds the exporter in Consul, and its series say where they belong", async () => {
    const found = await eventually(
      () => targetsOf("rocketmq"),
      (targets) => targets.some(({ health }) => health === "up"),
    );
    expect(found).toEqual([
      expect.objectContaining({
        scrapeUrl: `http://${bed.address("h3")}:5557/metrics`,
        health: "up",
        labels: { job: "rocketmq", instance: `${bed.address("h3")}:5557`, ...LABELS },
      }) as unknown,
    ]);
    const ups = await eventually(
      () => prometheus.query("sort_desc(rocketmq_exporter_broker_up == 1)"),
      (samples) => samples.length === 2,
    );
    expect(ups.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(
        ["h1", "h2"].map((host, id) =>
          expect.objectContaining({
            ...LABELS,
            broker: "broker-a",
            brokerId: String(id),
            brokerIP: `${bed.address(host)}:10911`,
          }),
        ),
      ),
    );
    // Not one of the exporter's series is without them, or has a second `cluster`.
    const bare = await prometheus.query(
      'count({__name__=~"rocketmq_.*", env!="test"} or {__name__=~"rocketmq_.*", cluster!="watched"} or {__name__=~"rocketmq_.*", exported_cluster!=""})',
    );
    expect(bare).toEqual([]);
  });

  test("it finds the brokers' own metrics by the same discovery, on ports of their own", async () => {
    const found = await eventually(
      () => targetsOf("rocketmq-brokers"),
      (targets) => targets.filter(({ health }) => health === "up").length === 2,
    );
    expect(found).toEqual(
      ["h1", "h2"].map(
        (host, id) =>
          expect.objectContaining({
            scrapeUrl: `http://${bed.address(host)}:10913/metrics`,
            health: "up",
            labels: {
              job: "rocketmq-brokers",
              instance: `${bed.address(host)}:10913`,
              broker: "broker-a",
              brokerId: String(id),
              ...LABELS,
            },
          }) as unknown,
      ),
    );
    const watermarks = await eventually(
      () => prometheus.query("count by (cluster, env, brokerId) (rocketmq_processor_watermark)"),
      (samples) => samples.length === 2,
    );
    expect(watermarks.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(["0", "1"].map((brokerId) => ({ ...LABELS, brokerId }))),
    );
    // Neither source has a series of the other's.
    const both = await prometheus.query(
      'count by (__name__) ({__name__=~"rocketmq_.*", job="rocketmq"}) and on (__name__) count by (__name__) ({__name__=~"rocketmq_.*", job="rocketmq-brokers"})',
    );
    expect(both).toEqual([]);
  });

  test("Consul knows name servers and brokers, and to whom they belong", async () => {
    const meta = { cluster: LABELS.cluster, env: LABELS.env };
    expect(await catalogue(bed, "rocketmq-namesrv")).toMatchObject(
      ["h1", "h2"].map((host, i) => ({
        Node: `watched-${host}-namesrv-${i}`,
        ServiceAddress: bed.address(host),
        ServicePort: 9876,
        ServiceTags: ["watched"],
        ServiceMeta: { ...meta, role: "namesrv" },
      })),
    );
    expect(await catalogue(bed, "rocketmq-broker")).toMatchObject(
      ["h1", "h2"].map((host, i) => ({
        ServiceID: `watched-broker-a-${i}`,
        ServiceAddress: bed.address(host),
        ServicePort: 10911,
        ServiceTags: ["watched", i === 0 ? "master" : "slave"],
        ServiceMeta: { ...meta, role: "broker", broker: "broker-a", broker_id: String(i) },
      })),
    );
  });

  test("Debian's Prometheus, which cannot ask Consul, takes the same rules and scrapes the same", async () => {
    const programs = await preparePrometheus();
    if ("missing" in programs) {
      throw new Error(programs.missing);
    }
    const folder = path.join(bed.folder, "debian");
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "rules.yml"), impatientRules());
    const configFile = path.join(folder, "prometheus.yml");
    const job = {
      job_name: "rocketmq",
      scrape_interval: "2s",
      honor_labels: true,
      static_configs: [{ targets: [`${bed.address("h3")}:5557`], labels: LABELS }],
    };
    // JSON is YAML.
    fs.writeFileSync(
      configFile,
      JSON.stringify({ rule_files: ["rules.yml"], scrape_configs: [job] }),
    );
    const debian = await Prometheus.start({
      program: programs.prometheus,
      address: `${NET}.1:9091`,
      configFile,
    });
    try {
      const ups = await eventually(
        () => debian.query("rocketmq_exporter_broker_up == 1"),
        (samples) => samples.length === 2,
      );
      expect(ups.map(({ metric }) => metric)).toEqual(
        expect.arrayContaining(
          ["0", "1"].map((brokerId) => expect.objectContaining({ ...LABELS, brokerId }) as unknown),
        ),
      );
    } finally {
      await debian.stop();
    }
  });

  test("a registration that changes restarts nothing", async () => {
    const started = () =>
      Promise.all(
        ["h1", "h2", "h3"].map((host) => bed.hosts.check(host, "pgrep -a 'java|python'")),
      );
    const before = await started();
    await stack.configure({ "consul.tags[0]": "blue" }, {});
    succeeded(await stack.up());
    expect(await started()).toEqual(before);
    expect(await catalogue(bed, "rocketmq-namesrv")).toMatchObject([
      { ServiceTags: ["watched", "blue"] },
      { ServiceTags: ["watched", "blue"] },
    ]);
  });

  test("a healthy cluster raises nothing", async () => {
    await ends("RocketMQBrokerDown", "RocketMQGroupWithoutMaster", "RocketMQExporterMissing");
    expect((await prometheus.alerts()).filter(({ state }) => state === "firing")).toEqual([]);
  });

  test("the dashboards have something to show", async () => {
    // They show trouble, which there is none of, or what clients say of themselves while they run.
    const mayBeEmpty = [
      "consumers.json: Behind",
      "consumers.json: Failures of clients",
      "consumers.json: Sent back",
      "consumers.json: Time to consume a message",
      "overview.json: New dead letters",
    ];
    const load = await client.startLoad({ namesrv: namesrv(), topic: TOPIC, group: "billing" });
    const empty = await eventually(
      async () => {
        const found = new Set<string>();
        for (const { dashboard, title, expr } of dashboardQueries()) {
          if ((await prometheus.query(expr)).length === 0) {
            found.add(`${dashboard}: ${title}`);
          }
        }
        return [...found].filter((one) => !mayBeEmpty.includes(one));
      },
      (titles) => titles.length === 0,
    );
    await load.stop();
    expect(empty).toEqual([]);
  });

  test("a cluster that is destroyed leaves Consul, and Prometheus says that it is gone", async () => {
    succeeded(await stack.destroy());
    const lost = await eventually(
      () => firing("RocketMQExporterMissing"),
      (alerts) => alerts.length === 2,
    );
    // Of this cluster, and since it was the only one, of all.
    expect(lost.map(({ labels }) => labels["cluster"] ?? "")).toEqual(
      expect.arrayContaining([LABELS.cluster, ""]),
    );
    expect(await prometheus.targets()).toEqual([]);
    for (const service of ["namesrv", "broker", "broker-metrics", "exporter"]) {
      expect(await catalogue(bed, `rocketmq-${service}`)).toEqual([]);
    }
  });
});
