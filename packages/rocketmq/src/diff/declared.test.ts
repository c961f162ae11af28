import { declaredLines, type Declaring } from "./declared";
import { judge } from "./explain";

const topic = { readQueueNums: 8, writeQueueNums: 8, perm: 6, order: false };
const group = { consumeEnable: true, retryMaxTimes: 16 };
const before: Declaring = { topics: { T: topic }, subscriptionGroups: { g: group } };

describe("topics and subscription groups in a preview", () => {
  test.each<[string, Declaring, string[]]>([
    ["nothing changed", {}, []],
    [
      "more queues",
      { topics: { T: { ...topic, readQueueNums: 16, writeQueueNums: 16 } } },
      ["topic T: queues 8 -> 16, applied online"],
    ],
    [
      "fewer queues to write",
      { topics: { T: { ...topic, writeQueueNums: 4 } } },
      ["topic T: writeQueueNums 8 -> 4, applied online"],
    ],
    [
      "fewer queues, and something else",
      { topics: { T: { ...topic, readQueueNums: 4, writeQueueNums: 4, perm: 4 } } },
      [
        "topic T: queues 8 -> 4, perm 6 -> 4, applied online: written to no more first, read no more when consumers have read them",
      ],
    ],
    ["one more", { topics: { T: topic, U: topic } }, ["topic U: added, applied online"]],
    [
      "the only one removed",
      { topics: undefined },
      ["topic T: removed, if none of its messages are unread"],
    ],
    [
      "removed whatever is in it",
      { topics: {}, discard: { topics: ["T"] } },
      ["topic T: removed, with its messages (discardTopics)"],
    ],
    [
      "a group changed",
      { subscriptionGroups: { g: { ...group, retryMaxTimes: 3 } } },
      ["subscription group g: retryMaxTimes 16 -> 3, applied online"],
    ],
    [
      "a group removed",
      { subscriptionGroups: {} },
      ["subscription group g: removed, if it has no consumers and nothing to read"],
    ],
  ])("%s", (_, change, expected) => {
    expect(declaredLines(before, { ...before, ...change })).toEqual(expected);
  });

  test("are told for the cluster, not for a node", () => {
    const [from, to] = [before, { subscriptionGroups: { g: group } }].map((d) => JSON.stringify(d));
    expect(judge("broker-a-0", from, to)).toMatchObject({
      lines: [],
      cluster: ["topic T: removed, if none of its messages are unread"],
    });
  });

  test("that may be discarded are no change of the cluster", () => {
    const to = JSON.stringify({ ...before, discard: { topics: ["X"], subscriptionGroups: [] } });
    expect(judge("broker-a-0", JSON.stringify(before), to)).toMatchObject({
      lines: [],
      cluster: [],
    });
  });
});
