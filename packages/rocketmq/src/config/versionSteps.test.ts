import { compareVersions, TESTED_VERSIONS } from "./versions";
import { versionStep } from "./versionSteps";

const STEPS = TESTED_VERSIONS.flatMap((from) => TESTED_VERSIONS.map((to) => [from, to] as const));

test.each(STEPS)("%s -> %s is open, and told of when it goes back below 5", (from, to) => {
  const { refusal, notes } = versionStep(from, to, {});
  expect(refusal).toBeUndefined();
  expect(notes).toHaveLength(from.startsWith("5") && to.startsWith("4") ? 1 : 0);
});

test.each([
  ["4.9.7", "5.5.0", { aclEnable: "true" }, "ACL 1.0"],
  ["5.5.0", "5.2.0", { authenticationEnabled: "true" }, "ACL 2.0"],
  ["5.5.0", "4.9.7", { storeType: "defaultRocksDB" }, "RocksDB"],
  ["5.5.0", "4.9.7", { enableControllerMode: "true" }, "controller"],
])("%s -> %s with %j is refused", (from, to, conf, reason) => {
  expect(versionStep(from, to, conf).refusal).toContain(reason);
});

test.each([
  ["4.9.3", "4.9.7", { aclEnable: "true" }],
  ["5.3.3", "5.5.0", { authenticationEnabled: "true" }],
  ["5.5.0", "5.3.3", { storeType: "defaultRocksDB" }],
])("%s -> %s with %j is open", (from, to, conf) => {
  expect(versionStep(from, to, conf)).toEqual({ notes: [] });
});

test("staying is no step", () => {
  expect(compareVersions("5.5.0", "5.5.0")).toBe(0);
  expect(versionStep("5.5.0", "5.5.0", { aclEnable: "true" })).toEqual({ notes: [] });
});
