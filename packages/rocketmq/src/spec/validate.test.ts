import * as pulumi from "@pulumi/pulumi";
import { formatErrors } from "./errors";
import {
  validateBrokerNode,
  validateCluster,
  validateExporterNode,
  validateHost,
  validateNamesrvNode,
} from "./validate";

type Args = Record<string, unknown>;

function machines(count = 2): Args[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `m${i + 1}`,
    address: `10.0.0.${i + 1}`,
  }));
}

function cluster(overrides: Args = {}): Args {
  return { machines: machines(), connection: { user: "root" }, ...overrides };
}

const found = (args: Args) => validateCluster(args).map(({ path, rule }) => `${path} ${rule}`);

describe("valid", () => {
  test.each<[string, Args]>([
    ["the least", cluster()],
    ["every argument", everything()],
    ["4.9.3", cluster({ version: "4.9.3" })],
    ["one machine", { machines: machines(1), replicasPerGroup: 1 }],
    [
      "a host name",
      cluster({ machines: [{ name: "a", address: "mq-1.example.com" }], replicasPerGroup: 1 }),
    ],
  ])("%s", (_, args) => {
    expect(validateCluster(args)).toEqual([]);
  });
});

// Every rule, with the path where it is told.
describe("mistakes", () => {
  test.each<[string, Args, string[]]>([
    ["no machines", { machines: [] }, ["machines minItems"]],
    ["machines missing", {}, ["machines required"]],
    [
      "address missing",
      cluster({ machines: [...machines(), { name: "m3" }] }),
      ["machines[2].address required"],
    ],
    ["misspelt key", cluster({ nameServer: 2 }), ["nameServer unknown-key"]],
    [
      "misspelt key below",
      cluster({ machines: [...machines(), { name: "m3", adress: "x", address: "10.0.0.3" }] }),
      ["machines[2].adress unknown-key"],
    ],
    ["text for a number", cluster({ nameServers: "two" }), ["nameServers type"]],
    ["number too small", cluster({ nameServers: 0 }), ["nameServers minimum"]],
    ["port too large", cluster({ ports: { namesrv: 70000 } }), ["ports.namesrv maximum"]],
    ["unknown role", cluster({ brokerRole: "SLAVE" }), ["brokerRole enum"]],
    [
      "address with port",
      cluster({ machines: [{ name: "m1", address: "10.0.0.1:22" }, machines()[1]] }),
      ["machines[0].address form"],
    ],
    [
      "address out of range",
      cluster({ machines: [{ name: "m1", address: "10.0.0.300" }, machines()[1]] }),
      ["machines[0].address form"],
    ],
    [
      "bad host name",
      cluster({ machines: [{ name: "m1", address: "mq_1.example.com" }, machines()[1]] }),
      ["machines[0].address form"],
    ],
    [
      "loopback",
      cluster({ machines: [machines()[0], { name: "m2", address: "127.0.0.1" }] }),
      ["machines[1].address loopback-address"],
    ],
    [
      "same name twice",
      cluster({
        machines: [
          { name: "m1", address: "a" },
          { name: "m1", address: "b" },
          { name: "m3", address: "c" },
        ],
      }),
      ["machines[1].name duplicate-machine"],
    ],
    [
      "same address twice",
      cluster({
        machines: [
          { name: "m1", address: "a" },
          { name: "m2", address: "a" },
        ],
      }),
      ["machines[1].address duplicate-address"],
    ],
    [
      "same login twice",
      cluster({ machines: machines().map((m) => ({ ...m, connection: { host: "gate" } })) }),
      ["machines[1].connection duplicate-connection"],
    ],
    [
      "zones on some",
      cluster({ machines: [{ ...machines()[0], zone: "z1" }, machines()[1]] }),
      ["machines[1].zone zones-partial"],
    ],
    ["too many replicas", cluster({ replicasPerGroup: 3 }), ["replicasPerGroup too-few-machines"]],
    ["too many name servers", cluster({ nameServers: 3 }), ["nameServers too-few-machines"]],
    ["too many groups", cluster({ brokerGroups: 2 }), ["brokerGroups too-few-machines"]],
    [
      "unknown machine",
      cluster({ groups: [{ key: "a", machines: ["m1", "mx"] }] }),
      ["groups[0].machines[1] unknown-machine"],
    ],
    [
      "machine twice in a group",
      cluster({ groups: [{ key: "a", machines: ["m1", "m1"] }] }),
      ["groups[0].machines[1] machine-twice"],
    ],
    [
      "slaves without a master",
      cluster({ groups: [{ key: "a", machines: [] }] }),
      ["groups[0].machines minItems"],
    ],
    [
      "bad group key",
      cluster({ groups: [{ key: "A-1", machines: ["m1"] }] }),
      ["groups[0].key form"],
    ],
    [
      "same key twice",
      cluster({
        groups: [
          { key: "a", machines: ["m1"] },
          { key: "a", machines: ["m2"] },
        ],
      }),
      ["groups[1].key duplicate-group"],
    ],
    [
      "same broker name twice",
      cluster({
        groups: [
          { key: "a", machines: ["m1"] },
          { key: "b", brokerName: "broker-a", machines: ["m2"] },
        ],
      }),
      ["groups[1].brokerName duplicate-broker-name"],
    ],
    [
      "groups counted and named",
      cluster({ brokerGroups: 1, groups: [{ key: "a", machines: ["m1"] }] }),
      ["brokerGroups conflict"],
    ],
    [
      "name servers counted and named",
      cluster({ nameServers: 2, nameServerMachines: ["m1"] }),
      ["nameServers conflict"],
    ],
    [
      "numbers of name servers without machines",
      cluster({ nameServerNumbers: [1] }),
      ["nameServerNumbers conflict"],
    ],
    [
      "a number for two name servers",
      cluster({
        machines: [
          { name: "m1", address: "10.0.0.1" },
          { name: "m2", address: "10.0.0.2" },
        ],
        nameServerMachines: ["m1", "m2"],
        nameServerNumbers: [3, 3],
      }),
      ["nameServerNumbers[1] duplicate-number"],
    ],
    [
      "SYNC_MASTER without a slave",
      cluster({ brokerRole: "SYNC_MASTER", replicasPerGroup: 1 }),
      ["brokerRole sync-without-slave"],
    ],
    [
      "disk ratio",
      cluster({ brokerConfig: { diskMaxUsedSpaceRatio: "88" } }),
      ["brokerConfig.diskMaxUsedSpaceRatio disk-ratio"],
    ],
    [
      "no number in broker.conf",
      cluster({ brokerConfig: { fileReservedTime: "two days" } }),
      ["brokerConfig.fileReservedTime conf-value"],
    ],
    [
      "no truth in broker.conf",
      cluster({ brokerConfig: { slaveReadEnable: "yes" } }),
      ["brokerConfig.slaveReadEnable conf-value"],
    ],
    [
      "transient pool with sync flush",
      cluster({ flushDiskType: "SYNC_FLUSH", brokerConfig: { transientStorePoolEnable: "true" } }),
      ["brokerConfig.transientStorePoolEnable transient-pool"],
    ],
    [
      "owned key",
      cluster({ brokerConfig: { brokerName: "x", namesrvAddr: "y" } }),
      ["brokerConfig.brokerName owned-key", "brokerConfig.namesrvAddr owned-key"],
    ],
    [
      "owned key of a group",
      cluster({ groups: [{ key: "a", machines: ["m1"], brokerConfig: { brokerId: "1" } }] }),
      ["groups[0].brokerConfig.brokerId owned-key"],
    ],
    [
      "owned key of name servers",
      cluster({ namesrvConfig: { listenPort: "1" } }),
      ["namesrvConfig.listenPort owned-key"],
    ],
    [
      "PROM on the exporter's port",
      cluster({
        brokerConfig: { metricsExporterType: "PROM", metricsPromExporterPort: "5557" },
      }),
      ["brokerConfig.metricsPromExporterPort port-collision"],
    ],
    [
      "PROM before 5.1",
      cluster({
        version: "4.9.7",
        exporter: { port: 5560 },
        brokerConfig: { metricsExporterType: "PROM" },
      }),
      ["brokerConfig.metricsExporterType version-gate"],
    ],
    ["unsupported version", cluster({ version: "4.8.0" }), ["version unsupported-version"]],
    ["no version at all", cluster({ version: "latest" }), ["version form"]],
    [
      "unsupported Java",
      cluster({ version: "4.9.3", java: { version: 21 } }),
      ["java.version unsupported-java"],
    ],
    [
      "two sources",
      cluster({ package: { url: "http://a/b.zip", mirror: "http://a" } }),
      ["package conflict"],
    ],
    [
      "pushed file without digest",
      cluster({ package: { file: "x.zip" } }),
      ["package.sha512 required"],
    ],
    ["short digest", cluster({ package: { sha512: "abc" } }), ["package.sha512 form"]],
    ["root", cluster({ user: "root" }), ["user root-user"]],
    [
      "nested paths",
      cluster({ paths: { data: "/opt/rocketmq/data" } }),
      ["paths.data nested-paths"],
    ],
    ["relative path", cluster({ paths: { data: "data" } }), ["paths.data form"]],
    [
      "no sudo and no root",
      cluster({ connection: { user: "ops", sudo: false } }),
      ["connection.sudo no-root"],
    ],
    ["bad topic name", cluster({ topics: { "my topic": {} } }), ['topics["my topic"] form']],
    [
      "system topic",
      cluster({ topics: { TBW102: {}, DefaultCluster: {}, "broker-a": {} } }),
      [
        'topics["TBW102"] reserved-topic',
        'topics["DefaultCluster"] reserved-topic',
        'topics["broker-a"] reserved-topic',
      ],
    ],
    [
      "unread queues",
      cluster({ topics: { T: { readQueueNums: 4, writeQueueNums: 8 } } }),
      ['topics["T"].readQueueNums unread-queues'],
    ],
    [
      "message type on 4.9",
      cluster({ version: "4.9.3", topics: { T: { messageType: "FIFO" } } }),
      ['topics["T"].messageType version-gate'],
    ],
    ["bad permission", cluster({ topics: { T: { perm: 7 } } }), ["topics.T.perm enum"]],
    [
      "system group",
      cluster({ subscriptionGroups: { TOOLS_CONSUMER: {} } }),
      ['subscriptionGroups["TOOLS_CONSUMER"] reserved-group'],
    ],
    [
      "Consul without an exporter",
      cluster({ exporter: { enabled: false }, consul: { address: "c:8500" } }),
      ["consul consul-without-exporter"],
    ],
    [
      "Consul with an output for what is registered",
      cluster({ consul: { address: "c:8500", services: pulumi.output(["broker"]) } }),
      ["consul.services not-plain"],
    ],
    [
      "metrics of brokers that serve none",
      cluster({ consul: { address: "c:8500", services: ["brokerMetrics"] } }),
      ["consul.services metrics-not-served"],
    ],
    [
      "metrics of brokers of which one group serves none",
      cluster({
        brokerConfig: { metricsExporterType: "PROM" },
        groups: [{ key: "a" }, { key: "b", brokerConfig: { metricsExporterType: "DISABLE" } }],
        consul: { address: "c:8500", services: ["brokerMetrics"] },
      }),
      ["consul.services metrics-not-served", "brokerGroups too-few-machines"],
    ],
    [
      "metrics of brokers that cannot serve any",
      cluster({ version: "4.9.3", consul: { address: "c:8500", services: ["brokerMetrics"] } }),
      ["consul.services version-gate"],
    ],
    ["jar missing", cluster({ exporter: { source: "jar" } }), ["exporter.jar required"]],
    [
      "jar from nowhere",
      cluster({ exporter: { source: "jar", jar: { sha512: "a".repeat(128) } } }),
      ["exporter.jar required"],
    ],
    [
      "jar for builtin",
      cluster({ exporter: { jar: { url: "http://a/b", sha512: "a".repeat(128) } } }),
      ["exporter.jar conflict"],
    ],
    [
      "exporter on the name server's port",
      cluster({ exporter: { port: 9876 } }),
      ["exporter.port port-collision"],
    ],
    [
      "a place that is an output",
      cluster({ nameServers: pulumi.output(2) }),
      ["nameServers not-plain"],
    ],
    [
      "a name that is an output",
      cluster({ machines: [{ name: pulumi.output("m1"), address: "a" }, machines()[1]] }),
      ["machines[0].name not-plain"],
    ],
    [
      "a bad kernel key",
      cluster({ os: { sysctl: { swappiness: "1" } } }),
      ["os.sysctl.swappiness form"],
    ],
  ])("%s", (_, args, expected) => {
    expect(found(args)).toEqual(expected);
  });
});

describe("messages", () => {
  test("all at once, each with path, rule and remedy", () => {
    const args = cluster({
      nameServer: 1,
      version: "3.2.6",
      machines: [
        { name: "m1", address: "10.0.0.1" },
        { name: "m1", adress: "10.0.0.2" },
      ],
      brokerConfig: { diskMaxUsedSpaceRatio: "90" },
    });
    expect(formatErrors(validateCluster(args))).toMatchInlineSnapshot(`
      "The cluster's description has 6 mistakes:
        machines[1].address: is missing [required]
          Add it, for example "10.0.0.11".
        machines[1].adress: there is no such key [unknown-key]
          Did you mean "address"?
        machines[1].name: "m1" is the name of another machine too [duplicate-machine]
          Give every machine a name of its own.
        nameServer: there is no such key [unknown-key]
          Did you mean "nameServers"?
        version: RocketMQ 3.2.6 is not supported [unsupported-version]
          Choose one of the tested versions: 4.9.3, 4.9.7, 5.3.3, 5.5.0 (accepted: 4.9.0 to below 4.10.0, 5.0.0 to below 5.6.0).
        brokerConfig.diskMaxUsedSpaceRatio: from 85 percent on RocketMQ removes files whatever their age, from 90 on it refuses messages: the normal removal would never run [disk-ratio]
          Choose a number from 10 to 84; the default is 75."
    `);
  });

  test("a secret is never shown", () => {
    const errors = validateCluster(
      cluster({ connection: { privateKey: 4711 }, consul: { address: "c", token: ["4712"] } }),
    );
    expect(errors.map(({ path }) => path)).toEqual(["connection.privateKey", "consul.token"]);
    expect(formatErrors(errors)).not.toMatch(/471/);
  });
});

describe("values that are not known yet", () => {
  test("are passed over, at any depth", () => {
    const later = pulumi.output("?");
    expect(
      validateCluster({
        clusterName: later,
        version: later,
        brokerConfig: later,
        connection: { privateKey: later, bastion: { host: Promise.resolve("b") } },
        machines: machines().map((machine) => ({ ...machine, address: later })),
        package: { file: "x.zip", sha512: later },
        exporter: { source: "jar", jar: { url: later, sha512: later } },
        topics: { T: { readQueueNums: later } },
      }),
    ).toEqual([]);
  });

  test("what is known beside them is checked", () => {
    const later = pulumi.output("?");
    expect(
      found(cluster({ clusterName: later, brokerConfig: { a: later, brokerId: "1" } })),
    ).toEqual(["brokerConfig.brokerId owned-key"]);
  });
});

describe("nodes on their own", () => {
  const host = { machine: { name: "m1", address: "10.0.0.1" } };
  const nameServers = ["10.0.0.1:9876"];

  test("valid", () => {
    expect(validateHost(host)).toEqual([]);
    expect(validateNamesrvNode({ host })).toEqual([]);
    expect(validateBrokerNode({ host, nameServers, index: 1 })).toEqual([]);
    expect(validateExporterNode({ host, nameServers: pulumi.output(nameServers) })).toEqual([]);
  });

  test.each<[string, () => { path: string; rule: string }[], string]>([
    ["host", () => validateHost({ ...host, version: "1.0.0" }), "version unsupported-version"],
    [
      "host of a node",
      () => validateNamesrvNode({ host: { ...host, user: "root" } }),
      "host.user root-user",
    ],
    [
      "address of a node",
      () => validateNamesrvNode({ host: { machine: { name: "a", address: "1.2.3" } } }),
      "host.machine.address form",
    ],
    [
      "namesrv",
      () => validateNamesrvNode({ host, namesrvConfig: { listenPort: "1" } }),
      "namesrvConfig.listenPort owned-key",
    ],
    ["broker", () => validateBrokerNode({ host, nameServers: [] }), "nameServers minItems"],
    [
      "broker's name servers",
      () => validateBrokerNode({ host, nameServers: ["10.0.0.1"] }),
      "nameServers[0] form",
    ],
    [
      "lone SYNC_MASTER",
      () => validateBrokerNode({ host, nameServers, replicas: 1, brokerRole: "SYNC_MASTER" }),
      "brokerRole sync-without-slave",
    ],
    [
      "exporter",
      () => validateExporterNode({ host, nameServers, exporter: { source: "jar" } }),
      "exporter.jar required",
    ],
    ["host missing", () => validateExporterNode({ nameServers }), "host required"],
  ])("%s", (_, validate, expected) => {
    expect(validate().map(({ path, rule }) => `${path} ${rule}`)).toEqual([expected]);
  });
});

function everything(): Args {
  return {
    clusterName: "orders",
    version: "5.3.3",
    machines: [
      { name: "ns1", address: "10.0.0.1", roles: ["namesrv"], zone: "z1" },
      {
        name: "b1",
        address: "10.0.0.2",
        advertise: "203.0.113.2",
        haAddress: "192.168.0.2",
        roles: ["broker"],
        zone: "z1",
        connection: { host: "203.0.113.2", hostKey: "ssh-ed25519 AAAA" },
      },
      { name: "b2", address: "10.0.0.3", roles: ["broker", "exporter"], zone: "z2" },
    ],
    connection: {
      port: 2222,
      user: "ops",
      privateKey: "-----BEGIN",
      privateKeyPassword: "x",
      password: "y",
      agentSocketPath: "/tmp/agent",
      sudo: true,
      dialErrorLimit: -1,
      perDialTimeout: 5,
      bastion: {
        host: "gate",
        port: 22,
        user: "jump",
        privateKey: "k",
        hostKey: "ecdsa-sha2-nistp256 AAAA",
      },
    },
    nameServerMachines: ["ns1"],
    groups: [
      {
        key: "a",
        brokerName: "broker-left",
        machines: ["b1", "b2"],
        port: 20911,
        brokerConfig: { maxMessageSize: "5242880" },
      },
    ],
    brokersPerMachine: 1,
    replicasPerGroup: 2,
    brokerRole: "SYNC_MASTER",
    flushDiskType: "SYNC_FLUSH",
    brokerConfig: { fileReservedTime: "48", slaveReadEnable: "true" },
    namesrvConfig: { orderMessageEnable: "true" },
    brokerJvm: { heapMb: 4096, directMemoryMb: 1024, options: ["-XX:MaxGCPauseMillis=50"] },
    namesrvJvm: { heapMb: 512 },
    package: { mirror: "https://mirror.example.com/rocketmq", sha512: "A".repeat(128) },
    java: { home: "/usr/lib/jvm/java-17", install: false, version: 17 },
    os: {
      tune: true,
      sysctl: { "vm.swappiness": "10" },
      strict: true,
      transparentHugepage: "never",
      ioScheduler: "none",
    },
    paths: { deploy: "/app/rocketmq", data: "/data/mq" },
    user: "mq",
    ports: { namesrv: 9877, broker: 10921 },
    exporter: {
      enabled: true,
      source: "jar",
      machine: "b2",
      port: 5558,
      path: "/m",
      intervalSeconds: 30,
      jar: {
        url: "http://a/b.jar",
        sha512: "b".repeat(128),
        arguments: ["--x=y"],
        jvm: { heapMb: 128, options: [] },
      },
    },
    consul: {
      address: "https://consul:8501",
      token: "t",
      datacenter: "dc1",
      services: ["exporter", "namesrv", "broker"],
      serviceName: "mq",
      namesrvServiceName: "mq-ns",
      brokerServiceName: "mq-broker",
      brokerMetricsServiceName: "mq-metrics",
      tags: ["a"],
      meta: { b: "c" },
    },
    topics: {
      ORDERS: { readQueueNums: 16, writeQueueNums: 16, perm: 6, order: true, messageType: "FIFO" },
    },
    subscriptionGroups: {
      "orders-workers": {
        retryMaxTimes: 3,
        retryQueueNums: 1,
        consumeEnable: true,
        consumeBroadcastEnable: false,
        consumeMessageOrderly: true,
      },
    },
    maxUnavailable: 2,
    environment: "test",
    timeouts: { stop: 600, step: "1h30m" },
  };
}
