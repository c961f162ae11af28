import { Cost, costOf, Kind, kindOf } from "../config/costs";
import { versionStep } from "../config/versionSteps";
import { type Change, changes, shown } from "./changes";
import { declaredLines, type Declaring } from "./declared";
import { follows, moveOf, PLACED_ANEW, remedyOf } from "./refusals";

/** A change with its cost; `remedy` is there when it is refused. */
export interface PricedChange extends Change {
  cost: Cost;
  remedy?: string;
}

/** What the documents of every kind of node have in common, as far as a price needs it. */
export interface NodeState extends Declaring {
  host?: string;
  node?: string;
  address?: string;
  paths?: Record<string, string>;
  identity?: Record<string, string | number>;
  hot?: string[];
  release?: { version?: string; conf?: Record<string, string> };
  /** Of a master whose group is being taken out. */
  decommission?: { seconds: number };
  /** Of an exporter. */
  source?: string;
  /** Of a machine. */
  package?: { version?: string };
  /** Of a registration. */
  service?: object;
  /** What runs already is taken over. */
  adopt?: boolean;
  /** What asks for repairs. */
  reconcile?: string;
}

function price(change: Change, from: NodeState, to: NodeState): PricedChange {
  const remedy = remedyOf(change, from, to) ?? versionRemedy(change, to);
  if (remedy !== undefined) {
    return { ...change, cost: Cost.Refused, remedy };
  }
  return { ...change, cost: costOf(change.path, from, to) };
}

function versionRemedy({ path, from, to }: Change, state: NodeState): string | undefined {
  return isVersion(path)
    ? versionStep(String(from), String(to), state.release?.conf ?? {}).refusal
    : undefined;
}

function isVersion([first, second]: string[]): boolean {
  return first === "release" && second === "version";
}

/** Keys that say how a document is to be read, not what is on the host. */
const SILENT = new Set(["format", "hot", "host", "reconcile"]);

/**
 * What is told or refused elsewhere, and once: a machine's identity with the nodes on it. How Consul
 * is reached is a connection, with a secret in it.
 */
const ELSEWHERE: Partial<Record<Kind, ReadonlySet<string>>> = {
  [Kind.Machine]: new Set(["cluster", "paths", "user"]),
  [Kind.Registration]: new Set(["cluster", "paths", "user", "node", "consul"]),
};

/** Told once for the cluster, of which every master has the same (`declared.ts`). */
const DECLARED = new Set(["topics", "subscriptionGroups", "discard"]);

/** The changes between two documents of one node, each with what it costs. */
export function explain(from: NodeState, to: NodeState): PricedChange[] {
  const elsewhere = ELSEWHERE[kindOf(to)];
  return changes(from, to)
    .filter(({ path: [first = ""] }) => !SILENT.has(first) && !elsewhere?.has(first))
    .filter(({ path }) => path.join(".") !== "release.secret")
    .filter((change) => !follows(change, from, to))
    .map((change) => price(change, from, to));
}

/** A machine that becomes another one's: its nodes say why that may not be. */
function isToldElsewhere(from: NodeState, to: NodeState): boolean {
  const elsewhere = kindOf(to) === Kind.Machine ? ELSEWHERE[Kind.Machine] : undefined;
  return changes(from, to).some(({ path: [first = ""] }) => elsewhere?.has(first));
}
const CLOSED = "its group is taken out (decommission): closed for writes, read on";
const TAKES_MESSAGES = "its group is not taken out any more (decommission): takes messages again";

/** `broker-a-0: flushDiskType ASYNC_FLUSH -> SYNC_FLUSH, rolling restart` */
export function sentence(node: string, change: PricedChange): string {
  if (change.path[0] === "decommission" && change.path.length === 1) {
    return `${node}: ${change.to === undefined ? TAKES_MESSAGES : CLOSED}, ${change.cost}`;
  }
  const key = change.path
    .filter((part) => !["release", "conf", "identity"].includes(part))
    .join(".");
  return `${node}: ${key} ${shown(change.from)} -> ${shown(change.to)}, ${change.cost}`;
}

/** What a step does that runs because of a new `reconcile`. */
const RECONCILE = "reconcile: checks and repairs; restarts only what drifted";

/** RocketMQ 5 says in a slave's own keys whether its master waits for it. */
function waits(node: string, { release }: NodeState): string[] {
  return release?.conf?.["inSyncReplicas"] === "2"
    ? [
        `${node}: its master waits for a slave, so sends to this group fail until it is in sync again, if it is the only one`,
      ]
    : [];
}

function isReconciled(from: NodeState, to: NodeState): boolean {
  return to.reconcile !== undefined && from.reconcile !== to.reconcile;
}

/** What is told before an update: the lines for the user, and why it may not happen, if so. */
export interface Verdict {
  lines: string[];
  /** Lines that are the same for other nodes, and told once. */
  cluster?: string[];
  /** What the user should think about. */
  warnings: string[];
  refusals: string[];
}

const NOTHING: Verdict = { lines: [], warnings: [], refusals: [] };

/**
 * Reads two documents as they stand in the state and in the program.
 *
 * @param removal what will be different when the node is removed
 * @param stays machines that it is refused to leave, as nobody has said that it should
 */
export function judge(
  node: string,
  oldStdin: unknown,
  newStdin: unknown,
  removal?: string,
  stays?: ReadonlySet<string>,
): Verdict {
  const [from, to] = [parse(oldStdin), parse(newStdin)];
  if (!from || !to) {
    return NOTHING;
  }
  const all = explain(from, to);
  const priced = all.filter(({ path: [first = ""] }) => !DECLARED.has(first));
  const told = [
    ...(removal === undefined ? [] : [`${node}: ${removal}`]),
    ...(isReconciled(from, to) ? [`${node}: ${RECONCILE}`] : []),
  ];
  if (priced.length === 0 && isToldElsewhere(from, to)) {
    return NOTHING;
  }
  const cluster = declaredLines(from, to);
  const move = moveOf(from, to);
  if (move !== undefined && stays?.has(from.host ?? "") === true) {
    const refused = `${node}: host ${shown(from.host)} -> ${shown(to.host)}, ${Cost.Refused}`;
    return { ...NOTHING, refusals: [`${refused}: ${PLACED_ANEW}`] };
  }
  if (move !== undefined && all.every(({ cost }) => cost !== Cost.Refused)) {
    // Whatever else changes is so from its first start there.
    const lines = [...told, `${node}: ${move}`];
    return { ...NOTHING, cluster, lines, warnings: waits(node, to) };
  }
  if (priced.length === 0 && all.length > 0) {
    return { ...NOTHING, cluster, lines: told };
  }
  if (priced.length === 0) {
    const silent = from.reconcile === to.reconcile ? "connection only" : "reconcile (unset)";
    return {
      ...NOTHING,
      lines: told.length > 0 ? told : [`${node}: ${silent}, no restart`],
    };
  }
  const version = priced.find(({ path }) => isVersion(path));
  return {
    ...(cluster.length > 0 ? { cluster } : {}),
    lines: [
      ...told,
      ...priced.filter(({ cost }) => cost !== Cost.Refused).map((c) => sentence(node, c)),
    ],
    warnings: version
      ? versionStep(String(version.from), String(version.to), to.release?.conf ?? {}).notes.map(
          (note) => `${node}: ${shown(version.from)} -> ${shown(version.to)}: ${note}`,
        )
      : [],
    refusals: priced
      .filter(({ cost }) => cost === Cost.Refused)
      .map((c) => `${sentence(node, c)}: ${c.remedy}`),
  };
}

/** Reads the first document of a node: told before it is made, as nothing else is. */
export function judgeFirst(node: string, stdin: unknown): string[] {
  const { adopt, source } = parse(stdin) ?? {};
  const what =
    source === undefined
      ? "taken over if it runs already; where it differs from the program is found on the machine"
      : "put in the place of one that runs already";
  return adopt === true ? [`${node}: adopt: ${what}`] : [];
}

/** What a rollout of a node costs its users, beyond the key by key that `judge` tells. */
export interface RolloutSituation {
  /** Of a master: seconds between its closing for writes and its stop; asked when it is told. */
  drain?: () => number;
  /** No other broker group is up meanwhile that could take the messages; or no other name server. */
  alone: boolean;
}

/** Reads two documents of a rollout: a restart is due, or repairs were asked for. */
export function judgeRollout(
  node: string,
  oldStdin: unknown,
  newStdin: unknown,
  { alone, drain }: RolloutSituation,
): Verdict {
  const [from, to] = [parse(oldStdin), parse(newStdin)];
  if (!from || !to || oldStdin === newStdin) {
    return NOTHING;
  }
  const priced = explain(from, to);
  if (priced.some(({ cost }) => cost === Cost.Refused) || moveOf(from, to) !== undefined) {
    // Told with the node's first step.
    return NOTHING;
  }
  if (priced.length === 0 && from.reconcile !== to.reconcile) {
    // Told with the node's first step.
    return NOTHING;
  }
  const restarts = priced.some(({ cost }) => cost === Cost.Restart);
  if (!restarts && priced.some(({ cost }) => cost === Cost.Java)) {
    return { ...NOTHING, lines: [`${node}: restarts where another Java is taken`] };
  }
  if (!restarts) {
    const keys = priced.map(({ path }) => path.join(".")).join(", ");
    return { ...NOTHING, lines: [`${node}: ${keys || "nothing that it runs with"}: no restart`] };
  }
  const master = to.identity?.["brokerId"] === 0;
  if (master && alone) {
    const warning = `${node} is the only master up: it restarts without a drain, and sends fail until it is back, some 10 to 30 s; with a second broker group none would`;
    return { ...NOTHING, warnings: [warning] };
  }
  if (alone && kindOf(to) === Kind.Namesrv) {
    const warning = `${node} is the only name server: clients that start while it restarts find no routes; those that run go on`;
    return { ...NOTHING, lines: [`${node}: restarts`], warnings: [warning] };
  }
  const seconds = (master && drain?.()) || 0;
  const drained = seconds > 0 ? `, ${seconds} s after it was closed for writes` : "";
  return { ...NOTHING, lines: [`${node}: restarts${drained}`] };
}

/** The same in words that may be shown: without the values of a document that is a secret. */
export function veiled(verdict: Verdict, oldStdin: unknown, newStdin: unknown): Verdict {
  const values = changes(parse(oldStdin), parse(newStdin))
    .filter(({ path: [first, second] }) => first === "release" && second !== "version")
    .map(({ from, to }) => `${shown(from)} -> ${shown(to)}`)
    .sort((a, b) => b.length - a.length);
  const veil = (lines: string[]) =>
    lines.map((line) => values.reduce((text, pair) => text.replaceAll(pair, "[secret]"), line));
  const { lines, warnings, refusals } = verdict;
  return { ...verdict, lines: veil(lines), warnings: veil(warnings), refusals: veil(refusals) };
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
