import type { ExportedResource, StackExport } from "./deployment";
import { documentOf, stackState } from "./stackState";

const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function secret(value: unknown) {
  return { ...SIGNATURE, plaintext: JSON.stringify(value) };
}

function urn(type: string, name: string) {
  return `urn:pulumi:prod::shop::${type}::${name}`;
}

function component(kind: string, name: string, parent?: string): ExportedResource {
  return { urn: urn(kind, name), type: `rocketmq:index:${kind}`, parent };
}

function step(name: string, parent: string, verb: string, document: object, more: object = {}) {
  return {
    urn: urn("command", name),
    type: "command:remote:Command",
    parent,
    inputs: {
      create: `sh .rocketmq-agent ${verb}`,
      stdin: secret(JSON.stringify({ format: 1, ...document })),
      connection: secret({ host: "10.0.0.1", user: "ops", privateKey: "KEY", ...more }),
    },
  };
}

function exported(...resources: ExportedResource[]): StackExport {
  return { deployment: { resources } };
}

const CLUSTER = component("RocketMQCluster", "orders");
const HOST = component("Host", "orders-host-mq1", CLUSTER.urn);
const BROKER = component("BrokerNode", "orders-broker-a-0", CLUSTER.urn);
const SETUP = step("orders-host-mq1-setup", HOST.urn, "host", { host: "mq1", cluster: "Shop" });
const CONFIG = step("orders-broker-a-0-config", BROKER.urn, "broker-config", {
  host: "mq1",
  cluster: "Shop",
  node: "broker-a-0",
});

test("a cluster with its machine, the steps on it and the way to it", () => {
  expect(stackState(exported(CLUSTER, HOST, BROKER, SETUP, CONFIG))).toEqual({
    stack: "prod",
    clusters: [
      {
        name: "orders",
        clusterName: "Shop",
        hosts: [
          {
            name: "mq1",
            connection: {
              host: "10.0.0.1",
              port: 22,
              user: "ops",
              privateKey: "KEY",
              perDialTimeout: 15,
              sudo: true,
            },
            steps: [
              {
                name: "orders-host-mq1-setup",
                verb: "host",
                document: { format: 1, host: "mq1", cluster: "Shop" },
              },
              {
                name: "orders-broker-a-0-config",
                verb: "broker-config",
                document: { format: 1, host: "mq1", cluster: "Shop", node: "broker-a-0" },
              },
            ],
          },
        ],
      },
    ],
  });
});

test("two clusters of one RocketMQ name stay apart, nodes on their own come together", () => {
  const second = component("RocketMQCluster", "billing");
  const alone = ["1", "2"].map((n) => component("NamesrvNode", `ns-${n}`));
  const state = stackState(
    exported(
      CLUSTER,
      second,
      ...alone,
      step("a", CLUSTER.urn, "host", { host: "mq1", cluster: "Shop" }),
      step("b", second.urn, "host", { host: "mq1", cluster: "Shop" }),
      ...alone.map(({ urn: parent }, i) =>
        step(`c${i}`, parent, "namesrv-config", { host: `mq${i}`, cluster: "Free", node: "n" }),
      ),
    ),
  );
  expect(state.clusters.map(({ name, hosts }) => [name, hosts.length])).toEqual([
    ["orders", 1],
    ["billing", 1],
    ["Free", 2],
  ]);
});

test("commands of others, and what waits to be deleted, are none of ours", () => {
  const foreign = step("x", CLUSTER.urn, "host", { host: "mq1", cluster: "Shop" });
  const state = stackState(
    exported(
      CLUSTER,
      { ...foreign, inputs: { ...foreign.inputs, create: "uname -a" } },
      { ...foreign, parent: undefined },
      { ...foreign, delete: true },
    ),
  );
  expect(state.clusters).toEqual([]);
});

test("of a machine whose connection an update changed only half way, the newer one is used", () => {
  const later = step("y", HOST.urn, "host", { host: "mq1", cluster: "Shop" }, { host: "10.9.9.9" });
  const [cluster] = stackState(exported(CLUSTER, HOST, SETUP, later)).clusters;
  expect(cluster?.hosts.map(({ connection }) => connection.host)).toEqual(["10.9.9.9"]);
});

test("a jump host, and a user that may not become root", () => {
  const bastion = { host: "jump", port: 2222, user: "j", password: "p" };
  const via = step("z", HOST.urn, "host", { host: "mq1", cluster: "Shop" }, { proxy: bastion });
  via.inputs.create = "sh .rocketmq-agent --no-sudo host";
  const [cluster] = stackState(exported(CLUSTER, HOST, via)).clusters;
  expect(cluster?.hosts[0]?.connection).toMatchObject({
    sudo: false,
    proxy: { ...bastion, perDialTimeout: 15 },
  });
});

test("an export without its secrets says so", () => {
  const hidden = {
    ...SETUP,
    inputs: { ...SETUP.inputs, stdin: { ...SIGNATURE, ciphertext: "x" } },
  };
  expect(() => stackState(exported(CLUSTER, HOST, hidden))).toThrow(/still encrypted/);
});

test("a document is found by its verb and node", () => {
  const [cluster] = stackState(exported(CLUSTER, HOST, BROKER, SETUP, CONFIG)).clusters;
  const host = cluster?.hosts[0];
  expect(host && documentOf(host, "broker-config", "broker-a-0")).toMatchObject({
    node: "broker-a-0",
  });
  expect(host && documentOf(host, "broker-config", "broker-b-0")).toBeUndefined();
  expect(host && documentOf(host, "host")).toMatchObject({ host: "mq1" });
});
