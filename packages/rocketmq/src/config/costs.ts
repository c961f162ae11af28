/** What a change of a document costs. */
export const Cost = {
  /** Applied to the running process, or to the running machine. */
  Hot: "applied online",
  /** Taken over by the next rolling restart, which is part of the same update. */
  Restart: "rolling restart",
  /** The same, where the Java that a process runs on does not fit any more. */
  Java: "rolling restart where another Java is taken",
  /** The exporter alone: no message is held up. */
  Exporter: "restarts the exporter only",
  /** Done on the host beside the running process, which goes on with what it has. */
  Beside: "installed beside what runs",
  /** Only read by later steps. */
  None: "no restart",
  /** Would lose data or identity. */
  Refused: "refused",
} as const;
export type Cost = (typeof Cost)[keyof typeof Cost];

/** What a document is about. */
export const Kind = {
  Namesrv: "name server",
  Broker: "broker",
  Exporter: "exporter",
  Machine: "machine",
  Registration: "registration with a Consul agent",
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What tells documents apart, and what their prices go by. */
export interface PricedState {
  hot?: string[];
  release?: { version?: string };
  /** Of a broker. */
  identity?: object;
  /** Of an exporter. */
  source?: string;
  /** Of a machine. */
  package?: object;
  /** Of a registration. */
  service?: object;
}

/** One class of change. The first row that fits a change prices it. */
export interface CostRow {
  of: readonly Kind[];
  /** Where it stands in the document: there or below. */
  at: string;
  /** Further condition. */
  when?: (path: readonly string[], from: PricedState, to: PricedState) => boolean;
  /** The arguments that it comes from, as users know them. */
  setting: string;
  cost: Cost;
  reason: string;
}

const SERVERS = [Kind.Namesrv, Kind.Broker];

const isHot = (key: string, { hot = [] }: PricedState) => hot.includes(key);

/** With another version a running broker is told what its own version applies. */
const isSameVersion = (from: PricedState, to: PricedState) =>
  from.release?.version === to.release?.version;

/** Every class of change, and what it costs. What would lose data or identity is refused before. */
export const COSTS: readonly CostRow[] = [
  {
    of: [Kind.Broker],
    at: "release.conf",
    when: ([, , key = ""], from, to) =>
      isHot(key, to) && (isSameVersion(from, to) || isHot(key, from)),
    setting:
      "`brokerConfig`, keys that the version (with another one: both) applies online; the name servers of the cluster",
    cost: Cost.Hot,
    reason: "Sent to the running broker, read back, and in its file.",
  },
  {
    of: [Kind.Broker],
    at: "release.conf",
    setting: "`brokerConfig`, any other key; `flushDiskType`, `brokerRole`, `machines[].advertise`",
    cost: Cost.Restart,
    reason: "RocketMQ accepts most keys online without heeding them, and breaks with some.",
  },
  {
    of: [Kind.Namesrv],
    at: "release.conf",
    setting: "`namesrvConfig`",
    cost: Cost.Restart,
    reason: "Of no key it is proven that a running name server heeds it.",
  },
  {
    of: SERVERS,
    at: "release.version",
    setting: "`version`",
    cost: Cost.Restart,
    reason: "Name servers first, then group by group, slaves before their master.",
  },
  {
    of: SERVERS,
    at: "release.jvm",
    setting: "`namesrvJvm`, `brokerJvm`",
    cost: Cost.Restart,
    reason:
      "Java reads its options at the start. Memory that is computed from the machine's is kept, so that a larger machine is no change.",
  },
  {
    of: SERVERS,
    at: "release.java.install",
    setting: "`java.install`",
    cost: Cost.None,
    reason: "Heeded where no Java fits.",
  },
  {
    of: SERVERS,
    at: "release.java",
    setting: "`java`",
    cost: Cost.Java,
    reason: "A process keeps the Java that it was first started with as long as that fits.",
  },
  {
    of: SERVERS,
    at: "release.unit.stopTimeout",
    setting: "`timeouts.stop`",
    cost: Cost.Hot,
    reason: "systemd reads the unit again.",
  },
  {
    of: SERVERS,
    at: "release",
    setting: "what follows from `version`",
    cost: Cost.Restart,
    reason: "Logging is found in another file; limits of the unit hold from a start on.",
  },
  {
    of: [Kind.Broker],
    at: "topics",
    setting: "`topics`",
    cost: Cost.Hot,
    reason:
      "Created, changed or removed on the running master; a removal is refused while messages are unread.",
  },
  {
    of: [Kind.Broker],
    at: "subscriptionGroups",
    setting: "`subscriptionGroups`",
    cost: Cost.Hot,
    reason:
      "Created, changed or removed on the running master; a removal is refused while it has something to read.",
  },
  {
    of: [Kind.Broker],
    at: "decommission",
    setting: "`decommission`",
    cost: Cost.Hot,
    reason: "The running master is closed for writes, or opened again.",
  },
  {
    of: [...SERVERS, Kind.Exporter],
    at: "adopt",
    setting: "`adopt`",
    cost: Cost.None,
    reason: "Heeded where a node is not set up yet.",
  },
  {
    of: SERVERS,
    at: "",
    setting: "`timeouts.drain`, addresses of the others",
    cost: Cost.None,
    reason: "What the next restart goes by; brokers keep it from their first step.",
  },
  {
    of: [Kind.Exporter],
    at: "namesrv",
    when: (_, from, to) => from.source === "builtin" && to.source === "builtin",
    setting: "name servers of the cluster, `exporter.source` `builtin`",
    cost: Cost.Hot,
    reason: "The built-in exporter reads its list again.",
  },
  {
    of: [Kind.Exporter],
    at: "",
    setting: "`exporter`",
    cost: Cost.Exporter,
    reason: "Metrics are away for a moment; brokers and messages are not concerned.",
  },
  {
    of: [Kind.Machine],
    at: "os",
    setting: "`os`",
    cost: Cost.Hot,
    reason: "Kernel settings are written, applied and read back.",
  },
  {
    of: [Kind.Machine],
    at: "",
    setting: "`package`, `java`, and what `version` brings",
    cost: Cost.Beside,
    reason: "What runs keeps the version and the Java that it was started with.",
  },
  {
    of: [Kind.Registration],
    at: "",
    setting: "`consul`, `environment`",
    cost: Cost.Hot,
    reason: "Entered anew.",
  },
];

/** What a document is about, by what only such a document has. */
export function kindOf(state: PricedState): Kind {
  if (state.service !== undefined) {
    return Kind.Registration;
  }
  if (state.source !== undefined) {
    return Kind.Exporter;
  }
  if (state.identity !== undefined) {
    return Kind.Broker;
  }
  return state.package === undefined ? Kind.Namesrv : Kind.Machine;
}

/** What a change at a place of a document costs, unless it is refused. */
export function costOf(path: readonly string[], from: PricedState, to: PricedState): Cost {
  const kind = kindOf(to);
  const place = `${path.join(".")}.`;
  const row = COSTS.find(
    ({ of, at, when }) =>
      of.includes(kind) &&
      (at === "" || place.startsWith(`${at}.`)) &&
      (when?.(path, from, to) ?? true),
  );
  return row?.cost ?? Cost.None;
}
