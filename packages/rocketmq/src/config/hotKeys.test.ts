import { OWNED_BROKER_KEYS } from "./brokerConf";
import { HOT_KEYS, hotKeysOf, KeyChange, keyChange, NEVER_HOT, REFUSED_KEYS } from "./hotKeys";
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

test("what breaks a running broker is hot on no version", () => {
  for (const version of TESTED_VERSIONS) {
    expect(
      hotKeysOf(
        NEVER_HOT.map(({ key }) => key),
        version,
      ),
    ).toEqual([]);
    expect(
      hotKeysOf(
        REFUSED_KEYS.map(({ key }) => key),
        version,
      ),
    ).toEqual([]);
  }
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
