import * as pulumi from "@pulumi/pulumi";
import { RocketMQCluster } from "./rocketMQCluster";
import { promiseOf, Recorder } from "./testing";

const machines = [
  { name: "h1", address: "10.0.0.1", roles: ["namesrv" as const] },
  { name: "h2", address: "10.0.0.2", roles: ["namesrv" as const] },
  { name: "h3", address: "10.0.0.3", roles: ["broker" as const] },
  { name: "h4", address: "10.0.0.4", roles: ["broker" as const] },
  { name: "h5", address: "10.0.0.5", roles: ["exporter" as const] },
];
const GUARD = "mq-destroy-guard-set-allowDestroy-and-run-pulumi-up-first";
const connection = { user: "ops", privateKey: "-----BEGIN KEY-----" };

async function deployed(args: Partial<ConstructorParameters<typeof RocketMQCluster>[1]> = {}) {
  const recorder = new Recorder();
  const cluster = new RocketMQCluster("mq", { machines, connection, ...args });
  await recorder.settle();
  return { recorder, cluster };
}

test("the article's topology: three commands a host, two a role, one for the exporter", async () => {
  const { recorder } = await deployed({ consul: { address: "consul:8500" } });
  const names = recorder.resources.map(({ name }) => name).sort();
  expect(names).toEqual(
    [
      "mq",
      GUARD,
      ...["h1", "h2", "h3", "h4", "h5"].flatMap((h) =>
        ["", "-agent", "-preflight", "-setup"].map((step) => `mq-host-${h}${step}`),
      ),
      ...["namesrv-0", "namesrv-1", "broker-a-0", "broker-a-1"].flatMap((slot) =>
        ["", "-config", "-rollout"].map((step) => `mq-${slot}${step}`),
      ),
      "mq-broker-a-0-may-go",
      // What may move has one more, which connects to nothing until it does.
      ...["namesrv-0", "namesrv-1", "broker-a-1", "exporter"].map((slot) => `mq-${slot}-place`),
      ...["", "-service", "-consul", "-consul-node", "-consul-service"].map(
        (s) => `mq-exporter${s}`,
      ),
    ].sort(),
  );
});

test("documents say so where a setting is a secret, as the agent writes to logs", async () => {
  const secretIn = async (brokerConfig: Record<string, pulumi.Input<string>>) => {
    const { recorder } = await deployed({ brokerConfig });
    const steps = ["mq-broker-a-0-config", "mq-broker-a-1-rollout", "mq-namesrv-0-config"];
    return steps.map((step) => {
      const stdin = recorder.resources.find(({ name }) => name === step)?.inputs["stdin"];
      // Mocks are given a secret as an object.
      const text = typeof stdin === "string" ? stdin : (stdin as { value: string }).value;
      return (JSON.parse(text) as { release: { secret?: true } }).release.secret;
    });
  };
  expect(await secretIn({ key: pulumi.secret("hunter2") })).toEqual([true, true, undefined]);
  expect(await secretIn({ key: pulumi.output("48") })).toEqual([undefined, undefined, undefined]);
});

test("a step is the same short line with its document on stdin and nothing that replaces it", async () => {
  const { recorder } = await deployed();
  for (const { type, name, inputs } of recorder.resources) {
    if (type === "command:remote:Command") {
      if (name.endsWith("-may-go")) {
        // Asks only when its group leaves: until then no change of it connects to a machine.
        expect(inputs["create"]).toBeUndefined();
        expect(inputs["delete"]).toContain("sh .rocketmq-agent broker-may-go");
        continue;
      }
      if (name.endsWith("-place")) {
        expect(inputs["create"]).toBeUndefined();
        expect(inputs["delete"]).toContain("sh .rocketmq-agent leave");
        continue;
      }
      expect(inputs["create"]).toMatch(/^sh \.rocketmq-agent [a-z-]+$/);
      expect(inputs["update"]).toBeUndefined();
      expect(inputs["triggers"]).toBeUndefined();
      expect(inputs["environment"]).toBeUndefined();
      expect(inputs["addPreviousOutputInEnv"]).toBe(false);
      expect(inputs["logging"]).toBe("stderr");
      expect(typeof inputs["stdin"]).toBe("string");
      expect(inputs["stdin"]).not.toContain("BEGIN KEY");
    }
  }
});

test("no host is changed before every host has passed its checks", async () => {
  const recorder = new Recorder();
  recorder.slow.add("mq-host-h3-preflight");
  new RocketMQCluster("mq", { machines, connection });
  await recorder.settle();
  const names = recorder.resources.map(({ name }) => name);
  const last = Math.max(...names.map((name, i) => (name.endsWith("-preflight") ? i : -1)));
  expect(names.findIndex((name) => name.endsWith("-setup"))).toBeGreaterThan(last);
});

test("what a step has in the state does not grow with the cluster, and is there once", async () => {
  const { recorder } = await deployed();
  expect(recorder.named("mq-broker-a-0").inputs).toEqual({});
  expect(recorder.named("mq-host-h1").inputs).toEqual({});
  expect(await recorder.dependencies("mq-host-h1-setup")).toEqual([
    "mq-host-h1-agent",
    "mq-host-h1-preflight",
  ]);
});

test("name servers before brokers, slaves restarted before their master, all before the exporter", async () => {
  const { recorder } = await deployed();
  expect(await recorder.dependencies("mq-broker-a-0-config")).toEqual([
    "mq-host-h3-setup",
    "mq-namesrv-0-rollout",
    "mq-namesrv-1-rollout",
  ]);
  expect(await recorder.dependencies("mq-namesrv-1-rollout")).toContain("mq-namesrv-0-rollout");
  expect(await recorder.dependencies("mq-broker-a-0-rollout")).toContain("mq-broker-a-1-rollout");
  expect(await recorder.dependencies("mq-broker-a-1-rollout")).not.toContain(
    "mq-broker-a-0-rollout",
  );
  expect(await recorder.dependencies("mq-exporter-service")).toContain("mq-broker-a-0-rollout");
});

test("outputs for a larger stack", async () => {
  const { cluster } = await deployed({ clusterName: "orders", consul: { address: "c:8500" } });
  expect(await promiseOf(cluster.clusterName)).toBe("orders");
  expect(await promiseOf(cluster.namesrvAddr)).toBe("10.0.0.1:9876;10.0.0.2:9876");
  expect(await promiseOf(cluster.brokerNames)).toEqual(["broker-a"]);
  expect(await promiseOf(cluster.brokerAddresses)).toEqual({
    "broker-a-0": "10.0.0.3:10911",
    "broker-a-1": "10.0.0.4:10911",
  });
  expect(await promiseOf(cluster.exporterEndpoint)).toBe("http://10.0.0.5:5557/metrics");
  expect(await promiseOf(cluster.consulServiceName)).toBe("rocketmq-exporter");
});

test("addresses may be outputs, and the shape of the graph does not depend on them", async () => {
  const { recorder } = await deployed({
    machines: machines.map((m) => ({ ...m, address: pulumi.output(Promise.resolve(m.address)) })),
  });
  expect(recorder.document("mq-broker-a-0-config")).toMatchObject({
    address: "10.0.0.3:10911",
    namesrv: ["10.0.0.1:9876", "10.0.0.2:9876"],
  });
});

test("the registration in Consul carries the labels that Prometheus relabels", async () => {
  const { recorder } = await deployed({
    clusterName: "orders",
    environment: "prod",
    consul: { address: "https://consul:8501", token: "secret-token" },
  });
  expect(recorder.named("mq-exporter-consul-service").inputs).toMatchObject({
    name: "rocketmq-exporter",
    address: "10.0.0.5",
    port: 5557,
    tags: ["prometheus", "orders"],
    meta: { metrics_path: "/metrics", cluster: "orders", env: "prod" },
  });
  expect(recorder.named("mq-exporter-consul").inputs).toMatchObject({
    address: "consul:8501",
    scheme: "https",
    // In the envelope of a secret.
    token: expect.objectContaining({ value: "secret-token" }) as unknown,
  });
});

const EVERYTHING = ["exporter", "namesrv", "broker", "brokerMetrics"] as const;
const OWN_METRICS = { brokerConfig: { metricsExporterType: "PROM" } };

test("name servers and brokers are registered on request, after they are ready, and by one provider", async () => {
  const { recorder } = await deployed({
    ...OWN_METRICS,
    clusterName: "orders",
    environment: "prod",
    consul: { address: "consul:8500", services: [...EVERYTHING], token: "secret-token" },
  });
  const services = recorder.resources.filter(({ type }) => type === "consul:index/service:Service");
  expect(services.map(({ name, inputs }) => [name, inputs["node"], inputs["port"]]).sort()).toEqual(
    [
      ["mq-broker-a-0-consul-metrics", "orders-h3-broker-a-0", 10913],
      ["mq-broker-a-0-consul-service", "orders-h3-broker-a-0", 10911],
      ["mq-broker-a-1-consul-metrics", "orders-h4-broker-a-1", 10913],
      ["mq-broker-a-1-consul-service", "orders-h4-broker-a-1", 10911],
      ["mq-exporter-consul-service", "orders-h5-exporter", 5557],
      ["mq-namesrv-0-consul-service", "orders-h1-namesrv-0", 9876],
      ["mq-namesrv-1-consul-service", "orders-h2-namesrv-1", 9876],
    ],
  );
  expect(recorder.named("mq-broker-a-1-consul-service").inputs).toMatchObject({
    name: "rocketmq-broker",
    serviceId: "orders-broker-a-1",
    tags: ["orders", "slave"],
    // Not a secret, for all that the token is one.
    meta: { cluster: "orders", env: "prod", role: "broker", broker: "broker-a", broker_id: "1" },
  });
  // Known to whoever has it from an earlier version of this library.
  expect(recorder.named("mq-exporter-consul-service").inputs["serviceId"]).toBe(
    "rocketmq-exporter-orders",
  );
  expect(await recorder.dependencies("mq-broker-a-0-consul-node")).toEqual([
    "mq-broker-a-0-rollout",
  ]);
  expect(await recorder.dependencies("mq-namesrv-1-consul-node")).toEqual(["mq-namesrv-1-rollout"]);
  const providers = recorder.resources.filter(({ type }) => type === "pulumi:providers:consul");
  expect(providers.map(({ name }) => name).sort()).toEqual(["mq-consul", "mq-exporter-consul"]);
});

test("what is registered is in no document of a node", async () => {
  const documents = async (consul?: object) => {
    const { recorder } = await deployed({
      ...OWN_METRICS,
      ...(consul ? { consul: consul as { address: string } } : {}),
    });
    return recorder.resources
      .filter(({ type, name }) => type === "command:remote:Command" && !name.includes("consul"))
      .map(({ name, inputs }) => [name, inputs["stdin"]])
      .sort();
  };
  const without = await documents();
  expect(await documents({ address: "c:8500", services: EVERYTHING })).toEqual(without);
  expect(await documents({ address: "c:8500", services: EVERYTHING, through: "agent" })).toEqual(
    without,
  );
});

test("checks for somebody else to run are in the catalogue on request, critical until they were", async () => {
  const checks = async (more: object) => {
    const { recorder } = await deployed({
      clusterName: "orders",
      consul: { address: "consul:8500", services: ["exporter", "namesrv"], ...more },
    });
    return ["mq-exporter-consul-service", "mq-namesrv-0-consul-service"].map(
      (name) => recorder.named(name).inputs["checks"],
    );
  };
  expect(await checks({})).toEqual([undefined, undefined]);
  const how = {
    interval: "10s",
    timeout: "5s",
    status: "critical",
    deregisterCriticalServiceAfter: "0s",
  };
  expect(await checks({ externalChecks: true })).toEqual([
    [
      {
        ...how,
        checkId: "orders-exporter-answers",
        name: "rocketmq-exporter answers",
        http: "http://10.0.0.5:5557/healthz",
      },
    ],
    [
      {
        ...how,
        checkId: "orders-namesrv-0-answers",
        name: "rocketmq-namesrv answers",
        tcp: "10.0.0.1:9876",
      },
    ],
  ]);
});

test("only what is named is registered, without an exporter too", async () => {
  const { recorder, cluster } = await deployed({
    exporter: { enabled: false },
    consul: { address: "consul:8500", services: ["namesrv"] },
  });
  const services = recorder.resources.filter(({ type }) => type === "consul:index/service:Service");
  expect(services.map(({ name }) => name).sort()).toEqual([
    "mq-namesrv-0-consul-service",
    "mq-namesrv-1-consul-service",
  ]);
  expect(await promiseOf(cluster.consulServiceName)).toBe("");
});

test("through the machines' agents every service is a step of its own", async () => {
  const { recorder } = await deployed({
    ...OWN_METRICS,
    consul: { address: "127.0.0.1:8500", services: [...EVERYTHING], through: "agent" },
  });
  const steps = recorder.resources.filter(
    ({ name }) => name.endsWith("-agent") && /consul/.test(name),
  );
  expect(steps.map(({ name }) => name).sort()).toEqual([
    "mq-broker-a-0-consul-agent",
    "mq-broker-a-0-consul-metrics-agent",
    "mq-broker-a-1-consul-agent",
    "mq-broker-a-1-consul-metrics-agent",
    "mq-exporter-consul-agent",
    "mq-namesrv-0-consul-agent",
    "mq-namesrv-1-consul-agent",
  ]);
  expect(recorder.document("mq-broker-a-0-consul-metrics-agent")).toMatchObject({
    node: "broker-a-0",
    consul: { url: "http://127.0.0.1:8500" },
    service: { id: "DefaultCluster-broker-a-0-metrics", check: { tcp: "10.0.0.3:10913" } },
  });
  expect(recorder.resources.some(({ type }) => type.startsWith("pulumi:providers"))).toBe(false);
});

test("through the machine's Consul agent it is a step like any other, and the token a secret", async () => {
  const { recorder, cluster } = await deployed({
    clusterName: "orders",
    consul: {
      address: "https://127.0.0.1:8501",
      through: "agent",
      caPem: "-----BEGIN CERTIFICATE-----",
      token: "secret-token",
    },
  });
  const { inputs } = recorder.named("mq-exporter-consul-agent");
  // Where the node moves the entry leaves the agent of the old machine, and does so first: where
  // the machine only got another name, both are in one agent, under one id.
  expect(inputs["triggers"]).toEqual(["h5"]);
  expect(recorder.optionsOf("mq-exporter-consul-agent")?.deleteBeforeReplace).toBe(true);
  expect(inputs["create"]).toBe("sh .rocketmq-agent consul");
  expect(inputs["delete"]).toContain("sh .rocketmq-agent consul-delete");
  const stdin = inputs["stdin"] as { value: string };
  // In the envelope of a secret.
  expect(Object.keys(stdin)).toContain("value");
  expect(JSON.parse(stdin.value)).toMatchObject({
    consul: {
      url: "https://127.0.0.1:8501",
      token: "secret-token",
      caPem: "-----BEGIN CERTIFICATE-----",
    },
    service: {
      id: "orders-exporter",
      name: "rocketmq-exporter",
      address: "10.0.0.5",
      port: 5557,
      tags: ["prometheus", "orders"],
      meta: { metrics_path: "/metrics", cluster: "orders" },
      check: { http: "http://10.0.0.5:5557/healthz", interval: 10 },
    },
  });
  expect(await recorder.dependencies("mq-exporter-consul-agent")).toEqual(["mq-exporter-service"]);
  expect(recorder.resources.filter(({ type }) => type.startsWith("consul:"))).toEqual([]);
  expect(await promiseOf(cluster.consulServiceName)).toBe("rocketmq-exporter");
});

test("every mistake at once, each with its path", async () => {
  const recorder = new Recorder();
  let thrown: unknown;
  try {
    new RocketMQCluster("mq", {
      machines: [
        { name: "h1", address: "10.0.0.1" },
        { name: "h1", address: "10.0.0.1" },
      ],
      version: "3.0.0",
      replicasPerGroup: 5,
    });
  } catch (error) {
    thrown = error;
  }
  await recorder.settle();
  expect(pulumi.InputPropertiesError.isInstance(thrown)).toBe(true);
  const paths = (thrown as pulumi.InputPropertiesError).errors.map((e) => e.propertyPath);
  expect(paths).toEqual(expect.arrayContaining(["machines[1].name", "version"]));
  expect(paths.length).toBeGreaterThanOrEqual(3);
});

test("a topic is declared on masters only", async () => {
  const { recorder } = await deployed({ topics: { ORDERS: { writeQueueNums: 4 } } });
  expect(recorder.document("mq-broker-a-0-config")["topics"]).toMatchObject({
    ORDERS: { writeQueueNums: 4 },
  });
  expect(recorder.document("mq-broker-a-1-config")["topics"]).toBeUndefined();
});

test("a second group changes nothing in the documents of the first", async () => {
  const six = [
    ...machines,
    { name: "h6", address: "10.0.0.6", roles: ["broker" as const] },
    { name: "h7", address: "10.0.0.7", roles: ["broker" as const] },
  ];
  const before = (await deployed({ machines: six })).recorder;
  const after = (await deployed({ machines: six, brokerGroups: 2 })).recorder;
  for (const { name, type, inputs } of before.resources) {
    if (type === "command:remote:Command") {
      expect({ name, stdin: after.named(name).inputs["stdin"] }).toEqual({
        name,
        stdin: inputs["stdin"],
      });
    }
  }
  expect(after.named("mq-broker-b-0-config")).toBeDefined();
});

test.each([
  ["4.9.3", "CVE-2023-33246"],
  ["5.5.0", "without authentication and TLS"],
])("%s: the preview warns of what listens where", async (version, text) => {
  const { recorder } = await deployed({ version });
  expect(recorder.warnings).toEqual([expect.stringContaining(text)]);
  expect(recorder.warnings[0]).toContain("name servers on 9876, brokers on 10909, 10911, 10912");
});

test("a version that nobody tried with this library is deployed with a warning", async () => {
  const { recorder } = await deployed({ version: "5.1.4" });
  expect(recorder.warnings[0]).toContain("RocketMQ 5.1.4 is accepted but not tested");
});

describe("a node that may move", () => {
  test("is replaced by its machine's name alone, and its removal is that of the node itself", async () => {
    const { recorder } = await deployed();
    const slave = recorder.named("mq-broker-a-1-place");
    expect(slave.inputs["triggers"]).toEqual(["h4"]);
    expect(recorder.document("mq-broker-a-1-place")).not.toHaveProperty("release");
    for (const slot of ["broker-a-1", "namesrv-0", "exporter"]) {
      const node = recorder.optionsOf(`mq-${slot}-place`)?.deletedWith;
      expect(await promiseOf((node as pulumi.Resource).urn)).toContain(`mq-${slot}`);
    }
  });

  test("a slave stops on the old machine first, when the new one is ready", async () => {
    const { recorder } = await deployed();
    expect(recorder.optionsOf("mq-broker-a-1-place")?.deleteBeforeReplace).toBe(true);
    expect(await recorder.dependencies("mq-broker-a-1-place")).toEqual(["mq-host-h4-setup"]);
    expect(await recorder.dependencies("mq-broker-a-1-config")).toContain("mq-broker-a-1-place");
  });

  test("a name server stops on the old machine last, when everybody knows the new one", async () => {
    const { recorder } = await deployed();
    expect(recorder.optionsOf("mq-namesrv-0-place")?.deleteBeforeReplace).toBe(false);
    const waits = await recorder.dependencies("mq-namesrv-0-place");
    for (const one of ["mq-broker-a-0-rollout", "mq-broker-a-1-rollout", "mq-exporter-service"]) {
      expect(waits).toContain(one);
    }
  });

  test("an exporter stops on the old machine when it answers on the new one", async () => {
    const { recorder } = await deployed();
    expect(recorder.optionsOf("mq-exporter-place")?.deleteBeforeReplace).toBe(false);
    expect(await recorder.dependencies("mq-exporter-place")).toContain("mq-exporter-service");
  });
});
