import type { RocketMQClusterArgs } from "./cluster";
import { validateCluster } from "./validate";

const args: RocketMQClusterArgs = {
  machines: ["m1", "m2", "m3", "m4"].map((name, i) => ({ name, address: `10.0.0.${i + 1}` })),
  brokerGroups: 2,
};

describe("what is taken out", () => {
  test.each<[string, Partial<RocketMQClusterArgs>, string[]]>([
    ["nothing", {}, []],
    [
      "a group, a machine, groups and topics that nobody waits for",
      { decommission: ["b"], lost: ["m1"], ignoreGroups: ["x"], ignoreTopics: ["%DLQ%x"] },
      [],
    ],
    ["a group that is not there", { decommission: ["c"] }, ["decommission[0] unknown-group"]],
    ["a group that is named twice", { decommission: ["b", "b"] }, ["decommission[1] repeated"]],
    ["all groups", { decommission: ["a", "b"] }, ["decommission last-group"]],
    [
      "the only group",
      { brokerGroups: undefined, groups: [{ key: "x" }], decommission: ["x"] },
      ["decommission last-group"],
    ],
    ["a machine that is not there", { lost: ["m9"] }, ["lost[0] unknown-machine"]],
    [
      "a group whose master is lost",
      { decommission: ["b"], lost: ["m3"] },
      ["decommission[0] lost-master"],
    ],
    ["an empty name", { ignoreGroups: [""] }, ["ignoreGroups[0] minLength"]],
  ])("%s", (_, more, expected) => {
    const given = Object.fromEntries(
      Object.entries({ ...args, ...more }).filter(([, value]) => value !== undefined),
    );
    expect(validateCluster(given).map(({ path, rule }) => `${path} ${rule}`)).toEqual(expected);
  });
});
