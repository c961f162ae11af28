import { type Change, changes, shown } from "./changes";

/** What a change of a node's document costs. */
export const Cost = {
  /** Applied to the running process. */
  Hot: "applied online",
  /** Taken over by the next rolling restart, which is part of the same update. */
  Restart: "rolling restart",
  /** Done on the host beside the running process. */
  None: "no restart",
  /** Would lose data or identity. */
  Refused: "refused",
} as const;
export type Cost = (typeof Cost)[keyof typeof Cost];

/** A change with its cost; `remedy` is there when it is refused. */
export interface PricedChange extends Change {
  cost: Cost;
  remedy?: string;
}

/** What the documents of every kind of node have in common, as far as a price needs it. */
export interface NodeState {
  hot?: string[];
  release?: { version?: string; conf?: Record<string, string> };
}

const IDENTITY_REMEDIES: Record<string, string> = {
  brokerName:
    "a renamed broker registers as a second one and takes no data along: add a broker group with the new name, then decommission this one",
  brokerId: "a broker keeps its id: add a replica and remove this one",
  brokerClusterName:
    "brokers of a renamed cluster leave their topics behind: raise a second cluster",
  storePathRootDir:
    "the broker would start with an empty store: stop it, move the data to the new path by hand, or add a broker group there and decommission this one",
};

function price(change: Change, state: NodeState): PricedChange {
  const [first, second, third] = change.path;
  if (first === "identity" && second !== undefined) {
    return { ...change, cost: Cost.Refused, remedy: IDENTITY_REMEDIES[second] };
  }
  if (first === "release") {
    const hot = second === "conf" && third !== undefined && (state.hot ?? []).includes(third);
    return { ...change, cost: hot ? Cost.Hot : Cost.Restart };
  }
  if (first === "topics" || first === "subscriptionGroups") {
    return { ...change, cost: Cost.Hot };
  }
  return { ...change, cost: Cost.None };
}

/** Keys that say how a document is to be read, not what is on the host. */
const SILENT = new Set(["format", "hot", "host"]);

/** The changes between two documents of one node, each with what it costs. */
export function explain(from: NodeState, to: NodeState): PricedChange[] {
  return changes(from, to)
    .filter((change) => !SILENT.has(change.path[0] ?? ""))
    .map((change) => price(change, to));
}

/** `broker-a-0: flushDiskType ASYNC_FLUSH -> SYNC_FLUSH, rolling restart` */
export function sentence(node: string, change: PricedChange): string {
  const key = change.path.filter((part) => part !== "release" && part !== "conf").join(".");
  return `${node}: ${key} ${shown(change.from)} -> ${shown(change.to)}, ${change.cost}`;
}

/** What is told before an update: the lines for the user, and why it may not happen, if so. */
export interface Verdict {
  lines: string[];
  refusals: string[];
}

/** Reads two documents as they stand in the state and in the program. */
export function judge(node: string, oldStdin: unknown, newStdin: unknown): Verdict {
  const from = parse(oldStdin);
  const to = parse(newStdin);
  if (!from || !to) {
    return { lines: [], refusals: [] };
  }
  const priced = explain(from, to);
  if (priced.length === 0) {
    return { lines: [`${node}: connection only, no restart`], refusals: [] };
  }
  return {
    lines: priced.filter((c) => c.cost !== Cost.Refused).map((c) => sentence(node, c)),
    refusals: priced
      .filter((c) => c.cost === Cost.Refused)
      .map((c) => `${sentence(node, c)}: ${c.remedy ?? "not possible on a running node"}`),
  };
}

/** A document that is not known yet (an address of a machine that is still to be made) is no text. */
function parse(stdin: unknown): NodeState | undefined {
  if (typeof stdin !== "string") {
    return undefined;
  }
  try {
    return JSON.parse(stdin) as NodeState;
  } catch {
    return undefined;
  }
}
