import * as pulumi from "@pulumi/pulumi";
import {
  brokerNodeSlot,
  exporterNodeSlot,
  namesrvNodeSlot,
  placementOf,
  resolveAddresses,
  resolveBrokerNode,
  resolveCluster,
  resolveConsul,
  resolveHost,
  resolveSettings,
  resolveShape,
} from "./resolve";

const machines = [
  { name: "m1", address: "10.0.0.1" },
  { name: "m2", address: "10.0.0.2" },
];

test("the least that can be said, with every default", () => {
  expect(resolveCluster({ machines })).toMatchSnapshot();
});

test("one machine gets one name server; a number that is given is kept", () => {
  const one = machines.slice(0, 1);
  expect(resolveShape({ machines: one }).nameServers).toBe(1);
  expect(resolveShape({ machines }).nameServers).toBe(2);
  expect(resolveShape({ machines, nameServers: 3 }).nameServers).toBe(3);
  expect(resolveShape({ machines, nameServerMachines: ["m2"] }).nameServers).toBe(1);
});

test("the shape is known while addresses and settings are not", () => {
  const later = pulumi.output("later");
  const shape = resolveShape({
    clusterName: later,
    version: later,
    machines: machines.map(({ name }) => ({ name, address: later })),
  });
  expect(shape).toEqual(resolveShape({ machines }));
});

describe("package", () => {
  test.each([
    [
      {},
      { url: "https://archive.apache.org/dist/rocketmq/5.3.3/rocketmq-all-5.3.3-bin-release.zip" },
    ],
    [{ mirror: "http://m/r/" }, { url: "http://m/r/5.3.3/rocketmq-all-5.3.3-bin-release.zip" }],
    [
      { url: "http://m/x.zip", sha512: "AB" },
      { url: "http://m/x.zip", sha512: "ab" },
    ],
    [
      { file: "/home/me/x.zip", sha512: "ab" },
      { file: ".rocketmq-files/x.zip", sha512: "ab" },
    ],
  ])("%j", (source, expected) => {
    expect(resolveHost({ version: "5.3.3", package: source }).package).toEqual({
      version: "5.3.3",
      ...expected,
    });
  });
});

describe("Java and the OS", () => {
  test("a JAVA_HOME is taken as it is: nothing is installed", () => {
    expect(resolveHost({ version: "4.9.3", java: { home: "/jdk", install: true } }).java).toEqual({
      min: 8,
      max: 17,
      preferred: 17,
      home: "/jdk",
      install: false,
    });
  });
  test("no tuning is no document", () => {
    expect(resolveHost({ os: { tune: false, sysctl: { a: "b" } } })).not.toHaveProperty("os");
  });
  test("an empty value leaves the kernel's own", () => {
    expect(resolveHost({ os: { transparentHugepage: "" } }).os).not.toHaveProperty(
      "transparentHugepage",
    );
  });
});

describe("Consul", () => {
  test("is http where nothing is said, and services have names", () => {
    expect(resolveConsul({ address: "consul:8500" })).toEqual({
      url: "http://consul:8500",
      externalChecks: false,
      names: {
        exporter: "rocketmq-exporter",
        namesrv: "rocketmq-namesrv",
        broker: "rocketmq-broker",
        brokerMetrics: "rocketmq-broker-metrics",
      },
      tags: [],
      meta: {},
    });
  });
  test("an URL stays one, and names are the user's", () => {
    expect(
      resolveConsul(
        { address: "https://c:8501/", serviceName: "e", brokerServiceName: "b", tags: ["blue"] },
        "prod",
      ),
    ).toMatchObject({
      url: "https://c:8501",
      names: { exporter: "e", namesrv: "rocketmq-namesrv", broker: "b" },
      tags: ["blue"],
      environment: "prod",
    });
  });
});

test("topics and groups are filled in", () => {
  const { broker } = resolveSettings({
    topics: { T: { readQueueNums: 4, messageType: "DELAY" } },
    subscriptionGroups: { G: { retryMaxTimes: 3 } },
  });
  expect(broker.topics.T).toEqual({
    readQueueNums: 4,
    writeQueueNums: 8,
    perm: 6,
    order: false,
    messageType: "DELAY",
  });
  expect(broker.subscriptionGroups.G).toEqual({
    consumeEnable: true,
    consumeBroadcastEnable: true,
    consumeMessageOrderly: false,
    retryQueueNums: 1,
    retryMaxTimes: 3,
  });
});

test("addresses", () => {
  expect(resolveAddresses({ address: "a", haAddress: "h" })).toEqual({
    address: "a",
    advertise: "a",
    haAddress: "h",
  });
});

test("nodes on their own have the slots that a cluster would give them", () => {
  const host = { machine: { name: "m1" } };
  expect(namesrvNodeSlot({ host, index: 1 })).toEqual({
    slot: "namesrv-1",
    index: 1,
    machine: "m1",
    port: 9876,
  });
  expect(exporterNodeSlot({ host })).toEqual({ slot: "exporter", machine: "m1", port: 5557 });
  const slot = brokerNodeSlot({ host, groupKey: "b", index: 1, port: 11011 });
  expect(slot).toMatchObject({ slot: "broker-b-1", brokerId: 1, replicas: 2 });
  expect(placementOf(slot)).toEqual({
    machine: "m1",
    roles: ["broker"],
    slots: ["broker-b-1"],
    ports: { "11009": "broker-b-1", "11011": "broker-b-1", "11012": "broker-b-1" },
  });
  expect(resolveBrokerNode({ groupKey: "b" }).group).toEqual({ brokerName: "broker-b", conf: {} });
});
