import {
  archiveUrl,
  compareVersions,
  DEFAULT_VERSION,
  type Gate,
  GATES,
  has,
  isSupported,
  javaFor,
  logbackFile,
  TESTED_VERSIONS,
  untestedVersion,
} from "./versions";

const PROBES = [
  "4.9.3",
  "4.9.4",
  "4.9.7",
  "4.9.8",
  "5.0.0",
  "5.1.0",
  "5.1.1",
  "5.2.0",
  "5.3.3",
  "5.5.0",
];

// One row a gate: which of the versions above have it. Kept apart from the table's own ranges.
test.each<[Gate, string]>([
  //                 493 494 497 498 500 510 511 520 533 550
  ["haListenPort", "   .   .   .   .   .   .   x   x   x   x "],
  ["logbackProperty", ".   .   .   .   .   x   x   x   x   x "],
  ["promExporter", "   .   .   .   .   .   x   x   x   x   x "],
  ["noCommandInjection", "..xx..xxxx"],
  ["configBlackList", ".   .   .   x   .   .   .   x   x   x "],
  ["messageType", "    .   .   .   .   x   x   x   x   x   x "],
  ["inSyncReplicas", " .   .   .   .   x   x   x   x   x   x "],
  ["addOpens", "       x   x   x   x   x   x   x   x   .   . "],
])("%s", (gate, row) => {
  const marks = row.replace(/ /g, "");
  expect(PROBES.map((version) => (has(gate, version) ? "x" : ".")).join("")).toBe(marks);
});

test("every gate has a row above and a reason", () => {
  expect(Object.keys(GATES)).toHaveLength(8);
  for (const { reason } of Object.values(GATES)) {
    expect(reason).toMatch(/\.$/);
  }
});

test.each([
  ["4.8.0", false],
  ["4.9.0", true],
  ["4.9.8", true],
  ["5.0.0", true],
  ["5.5.1", true],
  ["5.6.0", false],
  ["6.0.0", false],
  ["5.5", false],
  ["latest", false],
  ["5.5.0-SNAPSHOT", false],
])("%s supported: %s", (version, expected) => {
  expect(isSupported(version)).toBe(expected);
});

test("the tested versions, the default among them, are supported and have a Java", () => {
  expect(TESTED_VERSIONS).toContain(DEFAULT_VERSION);
  expect(TESTED_VERSIONS.map((v) => [v, isSupported(v), javaFor(v)?.min, javaFor(v)?.max])).toEqual(
    [
      ["4.9.3", true, 8, 17],
      ["4.9.7", true, 8, 17],
      ["5.3.3", true, 8, 21],
      ["5.5.0", true, 8, 21],
    ],
  );
});

test("versions compare by number, not by text", () => {
  expect(compareVersions("4.10.0", "4.9.8")).toBeGreaterThan(0);
  expect(compareVersions("5.3.3", "5.3.3")).toBe(0);
  expect(compareVersions("4.9.8", "5.0.0")).toBeLessThan(0);
});

test("archives", () => {
  expect(archiveUrl("4.9.3")).toBe(
    "https://archive.apache.org/dist/rocketmq/4.9.3/rocketmq-all-4.9.3-bin-release.zip",
  );
  expect(archiveUrl("5.5.0", "http://mirror:8000/rocketmq/")).toBe(
    "http://mirror:8000/rocketmq/5.5.0/rocketmq-all-5.5.0-bin-release.zip",
  );
});

test("logback", () => {
  expect(logbackFile("broker", "4.9.3")).toBeUndefined();
  expect(logbackFile("broker", "5.5.0")).toBe("rmq.broker.logback.xml");
  expect(logbackFile("namesrv", "5.3.3")).toBe("rmq.namesrv.logback.xml");
});

test("a version that nobody tried is told", () => {
  expect(untestedVersion("5.5.0")).toBeUndefined();
  expect(untestedVersion("4.9.3")).toBeUndefined();
  expect(untestedVersion("5.1.4")).toContain("5.1.4 is accepted but not tested");
});
