import * as fc from "fast-check";
import {
  brokerConfigDocument,
  brokerRolloutDocument,
  exporterDocument,
  hostDocument,
  namesrvConfigDocument,
  namesrvRolloutDocument,
  preflightDocument,
} from "./documents";
import { classic, must } from "./testing";
import { keyChange } from "./hotKeys";

// The whole of what a host is told. A change here is a change on users' machines.
describe.each(["4.9.3", "5.5.0"])("RocketMQ %s", (version) => {
  const inputs = classic({
    version,
    topics: { ORDERS: { messageType: "FIFO", readQueueNums: 4 } },
    subscriptionGroups: { workers: {} },
  });
  const [master, slave] = inputs.brokers.map((input) => input);

  test("preflight", () => {
    expect(preflightDocument(must(inputs.preflights[2]))).toMatchSnapshot();
  });
  test("host", () => {
    expect(hostDocument(inputs.exporter.host, "b1")).toMatchSnapshot();
  });
  test("name server", () => {
    expect(namesrvConfigDocument(must(inputs.namesrvs[1]))).toMatchSnapshot();
  });
  test("master", () => {
    expect(brokerConfigDocument(must(master))).toMatchSnapshot();
  });
  test("slave", () => {
    expect(brokerConfigDocument(must(slave))).toMatchSnapshot();
  });
  test("rollout of the slave", () => {
    expect(brokerRolloutDocument(must(slave))).toMatchSnapshot();
  });
  test("exporter", () => {
    expect(exporterDocument(inputs.exporter)).toMatchSnapshot();
  });
});

test("reconcile is in the documents of hosts and nodes when it is given, and only then", () => {
  const documents = (reconcile?: string) => {
    const { exporter, namesrvs, brokers, preflights } = classic(
      reconcile === undefined ? {} : { reconcile },
    );
    return {
      steps: [
        hostDocument(exporter.host, "b1"),
        namesrvConfigDocument(must(namesrvs[0])),
        namesrvRolloutDocument(must(namesrvs[0])),
        brokerConfigDocument(must(brokers[0])),
        brokerRolloutDocument(must(brokers[0])),
        exporterDocument(exporter),
      ],
      preflight: preflightDocument(must(preflights[0])),
    };
  };
  const [without, asked] = [documents(), documents("now")];
  expect(without.steps.some((document) => "reconcile" in document)).toBe(false);
  expect(asked.steps).toEqual(without.steps.map((step) => ({ ...step, reconcile: "now" })));
  expect(asked.preflight).toEqual(without.preflight);
});

describe("what a restart depends on", () => {
  const rollout = (brokerConfig: Record<string, string>, version = "5.5.0") =>
    brokerRolloutDocument(must(classic({ version, brokerConfig }).brokers[0]));

  test("a hot key changes the config step and not the rollout", () => {
    expect(rollout({ fileReservedTime: "24" })).toEqual(rollout({}));
    const { release, hot } = brokerConfigDocument(
      must(classic({ brokerConfig: { fileReservedTime: "24" } }).brokers[0]),
    );
    expect(release.conf.fileReservedTime).toBe("24");
    expect(hot).toContain("fileReservedTime");
  });

  test("any other key changes the rollout", () => {
    expect(rollout({ pullMessageThreadPoolNums: "8" })).not.toEqual(rollout({}));
    expect(rollout({ maxMessageSize: "1048576" }, "4.9.3")).not.toEqual(rollout({}, "4.9.3"));
  });

  test("a name server more is hot from 4.9.4 on", () => {
    const conf = (version: string, nameServers: number) =>
      brokerRolloutDocument(must(classic({ version, nameServers }).brokers[0])).release.conf;
    expect(conf("5.5.0", 1)).toEqual(conf("5.5.0", 2));
    expect(conf("4.9.3", 1)).not.toEqual(conf("4.9.3", 2));
  });

  test("config and rollout agree but for the hot keys, whatever the user sets", () => {
    const keys = fc.constantFrom("fileReservedTime", "maxMessageSize", "deleteWhen", "anyOther");
    fc.assert(
      fc.property(
        fc.dictionary(keys, fc.stringMatching(/^[0-9]{1,4}$/)),
        fc.constantFrom("4.9.3", "4.9.7", "5.3.3", "5.5.0"),
        fc.nat({ max: 1 }),
        (brokerConfig, version, index) => {
          const input = must(classic({ version, brokerConfig }).brokers[index]);
          const config = brokerConfigDocument(input);
          const restart = brokerRolloutDocument(input);
          const hot = Object.fromEntries(
            config.hot.map((key) => [key, must(config.release.conf[key])]),
          );
          expect({ ...restart.release.conf, ...hot }).toEqual(config.release.conf);
          const { java, unit, ...rest } = config.release;
          expect(restart.release).toMatchObject({ ...rest, conf: {} });
          expect(java).toMatchObject(restart.release.java);
          expect(unit).toMatchObject(restart.release.unit);
          expect(config.hot.every((key) => keyChange(key, version) === "hot")).toBe(true);
        },
      ),
    );
  });

  test("everything that a name server is told, but for installing Java", () => {
    const [installs, does] = [true, false].map((install) =>
      must(classic({ java: { install } }).namesrvs[0]),
    );
    expect(namesrvRolloutDocument(must(installs))).toEqual(namesrvRolloutDocument(must(does)));
    const [small, other] = [{}, { namesrvJvm: { heapMb: 300 } }].map((change) =>
      namesrvRolloutDocument(must(classic(change).namesrvs[0])),
    );
    expect(small).not.toEqual(other);
  });

  test.each<[string, Parameters<typeof classic>[0]]>([
    ["the drain", { timeouts: { drain: 5 } }],
    ["no drain", { timeouts: { drain: 0 } }],
    ["the time to stop", { timeouts: { stop: 100 } }],
    ["whether Java is installed", { java: { install: false } }],
    ["the name servers, from 4.9.4 on", { nameServers: 1 }],
  ])("of a broker is not %s, which its first step is told", (_, change) => {
    const [before, after] = [{}, change].map((args) => must(classic(args).brokers[0]));
    expect(brokerRolloutDocument(must(after))).toEqual(brokerRolloutDocument(must(before)));
    expect(brokerConfigDocument(must(after))).not.toEqual(brokerConfigDocument(must(before)));
  });
});

describe("each document depends on its own node", () => {
  test("another machine's address changes nothing but for name servers", () => {
    const moved = classic({
      machines: [
        { name: "ns1", address: "10.0.0.1", roles: ["namesrv"] },
        { name: "ns2", address: "10.0.0.2", roles: ["namesrv"] },
        { name: "b1", address: "10.0.0.3", roles: ["broker"] },
        { name: "b2", address: "10.9.9.9", roles: ["broker"] },
        { name: "ex", address: "10.0.0.5", roles: ["exporter"] },
      ],
    });
    const before = classic();
    expect(moved.preflights.map(preflightDocument)).toEqual(
      before.preflights.map(preflightDocument),
    );
    expect(moved.namesrvs.map(namesrvConfigDocument)).toEqual(
      before.namesrvs.map(namesrvConfigDocument),
    );
    expect(brokerConfigDocument(must(moved.brokers[0]))).toEqual(
      brokerConfigDocument(must(before.brokers[0])),
    );
    expect(brokerConfigDocument(must(moved.brokers[1])).address).toBe("10.9.9.9:10911");
  });

  test("no member is null or undefined", () => {
    const { preflights, brokers, exporter } = classic();
    for (const document of [
      ...preflights.map(preflightDocument),
      ...brokers.map(brokerConfigDocument),
      exporterDocument(exporter),
      hostDocument(exporter.host, "b1"),
    ]) {
      expect(JSON.parse(JSON.stringify(document))).toStrictEqual(document);
    }
  });
});

describe("preflight asks for what the nodes need", () => {
  test.each<[string, Parameters<typeof classic>[0], number, number]>([
    ["a broker, by the machine's size", {}, 2, 512 + 256 + 150],
    ["a broker, as the user says", { brokerJvm: { heapMb: 4096, directMemoryMb: 1024 } }, 2, 5270],
    ["a name server", {}, 0, 256 + 150],
    ["a name server, as the user says", { namesrvJvm: { heapMb: 128 } }, 0, 128 + 150],
    ["the builtin exporter", {}, 4, 64],
  ])("%s", (_, overrides, machine, expected) => {
    expect(preflightDocument(must(classic(overrides).preflights[machine])).memoryMb).toBe(expected);
  });

  test("two brokers need twice the disk", () => {
    const two = classic({
      machines: [
        { name: "m1", address: "10.0.0.1" },
        { name: "m2", address: "10.0.0.2" },
      ],
      brokerGroups: 2,
      brokersPerMachine: 2,
    });
    const { disk, ports } = preflightDocument(must(two.preflights[1]));
    expect(disk).toEqual({ "/opt/rocketmq": 512, "/data/rocketmq": 2 * 2048 + 200 });
    expect(Object.keys(ports)).toHaveLength(7);
  });
});

test("Apache's exporter gets the flags that reach it, the user's last", () => {
  const { exporter } = classic({
    version: "4.9.3",
    exporter: {
      source: "jar",
      port: 5560,
      jar: { file: "build/exporter.jar", sha512: "A".repeat(128), arguments: ["--x=y"] },
    },
  });
  expect(exporterDocument(exporter).jar).toMatchObject({
    file: ".rocketmq-files/exporter.jar",
    sha512: "a".repeat(128),
    arguments: [
      "--server.port=5560",
      "--rocketmq.config.namesrvAddr=10.0.0.1:9876;10.0.0.2:9876",
      "--rocketmq.config.webTelemetryPath=/metrics",
      "--rocketmq.config.rocketmqVersion=V4_9_3",
      "--x=y",
    ],
  });
});
