import { changes, shown } from "./changes";

/** Topics or subscription groups by name, as a document has them. */
export type DeclaredState = Record<string, Record<string, unknown>>;

/** Names whose messages may be lost. */
export interface Discarded {
  topics?: string[];
  subscriptionGroups?: string[];
}

/** What a document says that is the cluster's, and the same on every master. */
export interface Declaring {
  topics?: DeclaredState;
  subscriptionGroups?: DeclaredState;
  discard?: Discarded;
}

/**
 * One line for each topic and subscription group that comes, changes or goes:
 * `topic ORDERS: queues 8 -> 16, applied online`.
 */
export function declaredLines(from: Declaring, to: Declaring): string[] {
  const kinds = [
    { what: "topic", key: "topics", allowed: "discardTopics", held: TOPIC_HELD },
    {
      what: "subscription group",
      key: "subscriptionGroups",
      allowed: "discardSubscriptionGroups",
      held: GROUP_HELD,
    },
  ] as const;
  return kinds.flatMap(({ what, key, allowed, held }) => {
    const [before, after] = [from[key] ?? {}, to[key] ?? {}];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => {
      const [old, now] = [before[name], after[name]];
      if (now === undefined) {
        const discarded = to.discard?.[key]?.includes(name) ?? false;
        return [`${what} ${name}: removed, ${discarded ? `with its messages (${allowed})` : held}`];
      }
      if (old === undefined) {
        return [`${what} ${name}: added, applied online`];
      }
      const parts = differences(old, now);
      return parts.length > 0 ? [`${what} ${name}: ${parts.join(", ")}, ${cost(old, now)}`] : [];
    });
  });
}

const TOPIC_HELD = "if none of its messages are unread";
const GROUP_HELD = "if it has no consumers and nothing to read";

/** Both numbers of queues in one phrase where they change alike. */
function differences(from: Record<string, unknown>, to: Record<string, unknown>): string[] {
  const found = changes(from, to).map(({ path, from: old, to: now }) => ({
    key: path.join("."),
    text: `${shown(old)} -> ${shown(now)}`,
  }));
  const [read, write] = ["readQueueNums", "writeQueueNums"].map((key) =>
    found.find((one) => one.key === key),
  );
  if (read === undefined || write === undefined || read.text !== write.text) {
    return found.map(({ key, text }) => `${key} ${text}`);
  }
  return [
    `queues ${read.text}`,
    ...found
      .filter((one) => one !== read && one !== write)
      .map(({ key, text }) => `${key} ${text}`),
  ];
}

function cost(from: Record<string, unknown>, to: Record<string, unknown>): string {
  return Number(to["readQueueNums"]) < Number(from["readQueueNums"])
    ? "applied online: written to no more first, read no more when consumers have read them"
    : "applied online";
}
