import { OWNED_BROKER_KEYS } from "./brokerConf";
import {
  HOT_KEYS,
  hotKeysOf,
  KeyChange,
  keyChange,
  REFUSED_KEYS,
  refusedChange,
  RESTART_KEYS,
} from "./hotKeys";
import { TESTED_VERSIONS } from "./versions";

const { Hot, Restart, Refused } = KeyChange;

// What was measured on 4.9.3 and 5.5.0, key by key; an unknown key is never hot.
test.each([
  ["fileReservedTime", Hot, Hot],
  ["maxMessageSize", Restart, Hot],
  ["namesrvAddr", Restart, Hot],
  ["inSyncReplicas", Restart, Hot],
  ["flushDiskType", Restart, Restart],
  ["brokerRole", Restart, Restart],
  ["listenPort", Restart, Restart],
  ["autoCreateTopicEnable", Restart, Restart],
  ["sendMessageThreadPoolNums", Restart, Restart],
  ["someKeyOfTheFuture", Restart, Restart],
  ["brokerName", Refused, Refused],
  ["storePathRootDir", Refused, Refused],
  ["mappedFileSizeCommitLog", Refused, Refused],
])("%s: %s on 4.9.3, %s on 5.5.0", (key, old, recent) => {
  expect([keyChange(key, "4.9.3"), keyChange(key, "5.5.0")]).toEqual([old, recent]);
});

test("a key may be hot in some versions of either line", () => {
  const versions = ["4.9.4", "4.9.7", "4.9.8", "5.0.0", "5.3.2", "5.3.3", "5.5.0"];
  expect(versions.filter((version) => keyChange("maxMessageSize", version) === Hot)).toEqual([
    ...["4.9.7", "4.9.8", "5.3.3", "5.5.0"],
  ]);
});

test("what needs a restart or is refused is hot on no version, and no key is in two tables", () => {
  const others = [...RESTART_KEYS, ...REFUSED_KEYS].map(({ key }) => key);
  for (const version of TESTED_VERSIONS) {
    expect(hotKeysOf(others, version)).toEqual([]);
  }
  const all = [...HOT_KEYS.map(({ key }) => key), ...others];
  expect(all).toEqual([...new Set(all)]);
});

describe("a refused key", () => {
  const store = "/data/store";
  const root = { storePathRootDir: store, storePathCommitLog: `${store}/commitlog` };

  test.each<[string, string, Record<string, string>, Record<string, string>]>([
    [
      "a size written down",
      "mappedFileSizeCommitLog",
      {},
      { mappedFileSizeCommitLog: "1073741824" },
    ],
    ["and taken out again", "storeType", { storeType: "default" }, {}],
    ["a second folder", "storePathCommitLog", {}, { storePathCommitLog: `${store}/commitlog,/b` }],
    [
      "a third one",
      "storePathCommitLog",
      { storePathCommitLog: "/a,/b" },
      { storePathCommitLog: "/c,/b,/a" },
    ],
    [
      "a folder only to read from now on",
      "storePathCommitLog",
      { storePathCommitLog: "/a,/b" },
      { storePathCommitLog: "/b,/c", readOnlyCommitLogStorePaths: "/a" },
    ],
    [
      "the same",
      "readOnlyCommitLogStorePaths",
      { storePathCommitLog: "/a,/b" },
      { storePathCommitLog: "/b,/c", readOnlyCommitLogStorePaths: "/a" },
    ],
  ])("may change where nothing changes place: %s", (_, key, from, to) => {
    expect(refusedChange(key, { ...root, ...from }, { ...root, ...to })).toBeUndefined();
  });

  test.each<[string, string, Record<string, string>, Record<string, string>]>([
    ["another size", "mappedFileSizeCommitLog", {}, { mappedFileSizeCommitLog: "1048576" }],
    ["another precision", "timerPrecisionMs", { timerPrecisionMs: "500" }, {}],
    ["another folder", "storePathCommitLog", {}, { storePathCommitLog: "/a,/b" }],
    [
      "a folder taken out",
      "storePathCommitLog",
      { storePathCommitLog: "/a,/b" },
      { storePathCommitLog: "/a", readOnlyCommitLogStorePaths: "/b" },
    ],
    [
      "a folder to read taken out",
      "readOnlyCommitLogStorePaths",
      { storePathCommitLog: "/a,/b", readOnlyCommitLogStorePaths: "/c,/d" },
      { storePathCommitLog: "/a,/b", readOnlyCommitLogStorePaths: "/c" },
    ],
    ["an epoch file elsewhere", "storePathEpochFile", {}, { storePathEpochFile: "/e" }],
  ])("says what to do instead: %s", (_, key, from, to) => {
    expect(refusedChange(key, { ...root, ...from }, { ...root, ...to })).toMatch(/\. Set it back/);
  });

  test("has a reason and a remedy, each a sentence", () => {
    for (const { reason, remedy } of REFUSED_KEYS) {
      expect(reason).toMatch(/^[A-Z].*\.\)?$/);
      expect(remedy).toMatch(/^Set .*\.$/);
    }
  });

  test("is no key that RocketMQ derives from others", () => {
    // In no MessageStoreConfig of 4.9.3, 4.9.7, 5.3.3 and 5.5.0.
    const keys = REFUSED_KEYS.map(({ key }) => key);
    expect(keys).not.toContain("storePathConsumeQueue");
    expect(keys).not.toContain("storePathIndex");
  });
});

test("the user can set every hot key, and take it out again, or it has an argument of its own", () => {
  for (const { key, usual } of HOT_KEYS) {
    expect({ key, owned: key in OWNED_BROKER_KEYS }).toEqual({ key, owned: usual === undefined });
  }
});

test("hot keys are sorted, so that a document does not change with the order of the arguments", () => {
  expect(hotKeysOf(["waitTimeMillsInSendQueue", "x", "deleteWhen"], "5.5.0")).toEqual([
    "deleteWhen",
    "waitTimeMillsInSendQueue",
  ]);
});
