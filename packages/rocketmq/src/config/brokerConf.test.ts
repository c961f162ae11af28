import { BROKER_KEYS_LEFT, OWNED_BROKER_KEYS, TUNED_BROKER_KEYS } from "./brokerConf";
import { brokerRelease } from "./documents";
import { HOT_KEYS, keyChange, REFUSED_KEYS, RESTART_KEYS } from "./hotKeys";
import { classic, must } from "./testing";
import { SUPPORTED_LINES, TESTED_VERSIONS } from "./versions";

type Overrides = Parameters<typeof classic>[0];

function conf(overrides: Overrides = {}, index = 0): Record<string, string> {
  return brokerRelease(must(classic(overrides).brokers[index])).conf;
}

test("the user's keys win over the tuned ones, a group's over the cluster's", () => {
  const overrides: Overrides = {
    brokerConfig: { fileReservedTime: "24", slaveReadEnable: "true", deleteWhen: "03" },
    groups: [{ key: "x", machines: ["b1", "b2"], brokerConfig: { deleteWhen: "05" } }],
  };
  expect(conf(overrides)).toMatchObject({
    fileReservedTime: "24",
    slaveReadEnable: "true",
    deleteWhen: "05",
    brokerName: "broker-x",
  });
});

test.each<[string, string, Overrides, Record<string, string | undefined>]>([
  ["ASYNC_MASTER", "5.5.0", {}, { totalReplicas: undefined, inSyncReplicas: "1" }],
  [
    "SYNC_MASTER",
    "5.5.0",
    { brokerRole: "SYNC_MASTER" },
    { totalReplicas: "2", inSyncReplicas: "2" },
  ],
  [
    "SYNC_MASTER",
    "4.9.3",
    { brokerRole: "SYNC_MASTER" },
    { totalReplicas: undefined, inSyncReplicas: undefined },
  ],
  [
    "ASYNC_FLUSH",
    "5.5.0",
    {},
    { sendMessageThreadPoolNums: "4", useReentrantLockWhenPutMessage: undefined },
  ],
  [
    "SYNC_FLUSH",
    "4.9.3",
    { flushDiskType: "SYNC_FLUSH" },
    { sendMessageThreadPoolNums: "8", useReentrantLockWhenPutMessage: "true" },
  ],
  [
    "transient pool",
    "5.5.0",
    { brokerConfig: { transientStorePoolEnable: "true" } },
    { transferMsgByHeap: "false" },
  ],
  [
    "own metrics",
    "5.5.0",
    { brokerConfig: { metricsExporterType: "prom" } },
    { metricsPromExporterPort: "10913" },
  ],
  [
    "own metrics on a given port",
    "5.5.0",
    { brokerConfig: { metricsExporterType: "PROM", metricsPromExporterPort: "5560" } },
    { metricsPromExporterPort: "5560" },
  ],
  ["no metrics of its own", "5.5.0", {}, { metricsPromExporterPort: undefined }],
  ["HA port", "5.5.0", {}, { haListenPort: "10912" }],
  ["HA port before 5.1.1", "4.9.7", {}, { haListenPort: undefined }],
])("%s on %s", (_, version, overrides, expected) => {
  const actual = conf({ version, ...overrides });
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]]))).toEqual(
    expected,
  );
});

test("the slave has the same role whatever the master's is, its own id and addresses", () => {
  const machines = [
    { name: "b1", address: "10.0.0.3" },
    { name: "b2", address: "10.0.0.4", advertise: "203.0.113.4", haAddress: "192.168.0.4" },
  ];
  expect(conf({ machines, brokerRole: "SYNC_MASTER" }, 1)).toMatchObject({
    brokerRole: "SLAVE",
    brokerId: "1",
    brokerIP1: "203.0.113.4",
    brokerIP2: "192.168.0.4",
    storePathRootDir: "/data/rocketmq/broker-a-1/store",
    storePathCommitLog: "/data/rocketmq/broker-a-1/store/commitlog",
    namesrvAddr: "10.0.0.3:9876;10.0.0.4:9876",
  });
});

test("values that RocketMQ would refuse or that contradict each other are not among the tuned", () => {
  const tuned = conf();
  expect(Number(tuned.diskMaxUsedSpaceRatio)).toBeLessThan(85);
  expect(Number(tuned.osPageCacheBusyTimeOutMills)).toBeGreaterThan(
    Number(tuned.waitTimeMillsInSendQueue),
  );
  expect(tuned.autoCreateTopicEnable).toBe("false");
});

test.each(["4.9.3", "5.5.0"])("a hot key that is taken out of %s goes back online", (version) => {
  const given = Object.fromEntries(HOT_KEYS.map(({ key }) => [key, "1"]));
  const before = conf({ version, brokerConfig: given });
  const after = conf({ version });
  const gone = Object.keys(before).filter((key) => !(key in after));
  expect(gone.filter((key) => keyChange(key, version) === "hot")).toEqual([]);
});

test("every tuned key has a reason with the default, and none is owned or left as well", () => {
  const keys = TUNED_BROKER_KEYS.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { key, reason } of [...TUNED_BROKER_KEYS, ...BROKER_KEYS_LEFT]) {
    expect(reason).toMatch(/^\[.+\] .+\.$/);
    expect(OWNED_BROKER_KEYS[key]).toBeUndefined();
  }
  expect(keys.filter((key) => BROKER_KEYS_LEFT.some((left) => left.key === key))).toEqual([]);
});

test("of every key that the library writes it is said what a change costs", () => {
  const said = new Set([...HOT_KEYS, ...RESTART_KEYS, ...REFUSED_KEYS].map(({ key }) => key));
  const versions = [...TESTED_VERSIONS, ...SUPPORTED_LINES.map(({ from }) => from), "5.1.1"];
  const settings: Overrides[] = [
    {},
    { brokerRole: "SYNC_MASTER", flushDiskType: "SYNC_FLUSH" },
    { brokerConfig: { transientStorePoolEnable: "true", metricsExporterType: "PROM" } },
  ];
  const written = new Set<string>();
  for (const version of versions) {
    for (const setting of settings) {
      const own = setting?.brokerConfig ?? {};
      for (const index of [0, 1]) {
        Object.keys(conf({ version, ...setting }, index))
          .filter((key) => !(key in own))
          .forEach((key) => written.add(key));
      }
    }
  }
  expect([...written].filter((key) => !said.has(key))).toEqual([]);
  // Nothing that may be written was missed by the settings above.
  for (const { key } of TUNED_BROKER_KEYS) {
    expect(written).toContain(key);
  }
});
