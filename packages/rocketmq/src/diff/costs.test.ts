import {
  brokerConfigDocument,
  exporterDocument,
  hostDocument,
  namesrvConfigDocument,
} from "../config/documents";
import { classic, must } from "../config/testing";
import type { Plain, RocketMQClusterArgs } from "../spec";
import { Cost, COSTS, kindOf } from "../config/costs";
import { explain, type NodeState } from "./explain";

type Arguments = Partial<Plain<RocketMQClusterArgs>>;

/** As it stands in the state. */
const asState = (document: object) => JSON.parse(JSON.stringify(document)) as NodeState;

/** The first step of everything in the classic cluster. */
function documents(overrides: Arguments): NodeState[] {
  const { namesrvs, brokers, exporter, preflights } = classic(overrides);
  return [
    ...preflights.map(({ host, placement }) => hostDocument(host, placement.machine)),
    ...namesrvs.map(namesrvConfigDocument),
    ...brokers.map(brokerConfigDocument),
    exporterDocument(exporter),
  ].map(asState);
}

/** What changing arguments costs, by what it is of. */
function costs(from: Arguments, to: Arguments): Record<string, Cost[]> {
  const [before, after] = [documents(from), documents(to)];
  const found = new Map<string, Set<Cost>>();
  before.forEach((one, i) => {
    const other = must(after[i]);
    for (const { cost } of explain(one, other)) {
      const kind = kindOf(other);
      found.set(kind, (found.get(kind) ?? new Set()).add(cost));
    }
  });
  return Object.fromEntries([...found].map(([kind, set]) => [kind, [...set].sort()]));
}

const JVM = { heapMb: 512 };

test.each<[string, Arguments, Arguments, Record<string, Cost[]>]>([
  ["a hot key", {}, { brokerConfig: { fileReservedTime: "49" } }, { broker: [Cost.Hot] }],
  [
    "a hot key that is taken out",
    { brokerConfig: { transactionTimeOut: "9000" } },
    {},
    { broker: [Cost.Hot] },
  ],
  [
    "adopting, asked for and not any more",
    { adopt: true },
    {},
    { "name server": [Cost.None], broker: [Cost.None], exporter: [Cost.None] },
  ],
  ["another key", {}, { brokerConfig: { someKey: "1" } }, { broker: [Cost.Restart] }],
  [
    "a key that is hot in other versions",
    { version: "4.9.3" },
    { version: "4.9.3", brokerConfig: { maxMessageSize: "1000" } },
    { broker: [Cost.Restart] },
  ],
  [
    "a key that breaks a running broker",
    {},
    { flushDiskType: "SYNC_FLUSH" },
    { broker: [Cost.Restart] },
  ],
  [
    "a key of the name servers",
    {},
    { namesrvConfig: { serverWorkerThreads: "9" } },
    { "name server": [Cost.Restart] },
  ],
  ["memory of brokers", {}, { brokerJvm: JVM }, { broker: [Cost.Restart] }],
  ["memory of name servers", {}, { namesrvJvm: JVM }, { "name server": [Cost.Restart] }],
  [
    "Java",
    {},
    { java: { home: "/opt/java" } },
    // With a JAVA_HOME none is installed.
    {
      broker: [Cost.None, Cost.Java],
      "name server": [Cost.None, Cost.Java],
      machine: [Cost.Beside],
    },
  ],
  ["the drain of a restart", {}, { timeouts: { drain: 60 } }, { broker: [Cost.None] }],
  ["the time for a stop", {}, { timeouts: { stop: 600 } }, { broker: [Cost.Hot] }],
  ["a topic", {}, { topics: { T: {} } }, { broker: [Cost.Hot] }],
  ["a consumer group", {}, { subscriptionGroups: { g: {} } }, { broker: [Cost.Hot] }],
  ["the kernel", {}, { os: { sysctl: { "vm.swappiness": "9" } } }, { machine: [Cost.Hot] }],
  ["no tuning any more", {}, { os: { tune: false } }, { machine: [Cost.Hot] }],
  ["the archive", {}, { package: { mirror: "https://m" } }, { machine: [Cost.Beside] }],
  [
    "the version",
    { version: "5.3.3" },
    { version: "5.5.0" },
    { broker: [Cost.Restart], "name server": [Cost.Restart], machine: [Cost.Beside] },
  ],
  [
    "how often metrics are read",
    {},
    { exporter: { intervalSeconds: 5 } },
    { exporter: [Cost.Exporter] },
  ],
  [
    "a version that applies more keys online",
    { version: "4.9.3" },
    { version: "5.5.0" },
    {
      broker: [Cost.Restart, Cost.Java],
      "name server": [Cost.Restart, Cost.Java],
      machine: [Cost.Beside],
    },
  ],
  [
    "a hot key together with the version",
    { version: "4.9.3" },
    { version: "5.5.0", brokerConfig: { fileReservedTime: "49" } },
    {
      broker: [Cost.Hot, Cost.Restart, Cost.Java],
      "name server": [Cost.Restart, Cost.Java],
      machine: [Cost.Beside],
    },
  ],
])("%s", (_, from, to, expected) => {
  expect(costs(from, to)).toEqual(expected);
});

test("every row has a setting and a reason, and no row hides one below it", () => {
  COSTS.forEach(({ of, at, setting, reason, when }, row) => {
    expect(setting).not.toBe("");
    expect(reason).toMatch(/\.$/);
    const above = COSTS.slice(0, row).filter((other) => other.when === undefined);
    const hiding = above.filter((other) =>
      of.every(
        (kind) =>
          other.of.includes(kind) && (other.at === "" || `${at}.`.startsWith(`${other.at}.`)),
      ),
    );
    expect({ at, hiding, when: when !== undefined }).toMatchObject({ hiding: [] });
  });
});
