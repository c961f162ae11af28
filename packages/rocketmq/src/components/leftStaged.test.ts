import { leftStaged } from "./leftStaged";

const result = (facts: Record<string, string>) =>
  JSON.stringify({ changed: [], restarted: false, warnings: [], facts, seconds: 1 });
const STAGED = result({ staged: "pullMessageThreadPoolNums 21 -> (unset)" });

test("a restart that was staged, and that nothing does", () => {
  const text = leftStaged("broker-a-0", STAGED, { config: true, rollout: false });
  expect(text).toContain(
    "broker-a-0 does not run as the program says (pullMessageThreadPoolNums 21 -> (unset))",
  );
  expect(text).toContain("Give reconcile a new value");
});

test.each([
  ["the rollout did it", STAGED, true, true],
  ["the result is of an update before", STAGED, false, false],
  ["nothing was staged", result({}), true, false],
  ["no result, as under mocks", undefined, true, false],
  ["a result of somebody else", "done", true, false],
])("all is well: %s", (_, stdout, config, rollout) => {
  expect(leftStaged("broker-a-0", stdout, { config, rollout })).toBeUndefined();
});
