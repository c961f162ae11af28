import type { ConsumerReport } from "../remote/statusReport";

/** `warn`: works, but less well or less safely than it should; `bad`: does not work. */
export type Health = "ok" | "warn" | "bad" | "unknown";

/** Something that a person should know. A `note` is no fault. */
export interface Finding {
  level: "bad" | "warn" | "note";
  /** What it is about: a slot, a group, an address, a machine. */
  subject: string;
  text: string;
  /** What to do next. */
  help?: string;
}

/** One process. */
export interface NodeView {
  /** Its slot; its address where no slot of the stack is at it. */
  id: string;
  role: "name server" | "master" | "slave" | "exporter";
  /** The machine's name in the program; absent: not of this stack. */
  machine?: string;
  address: string;
  health: Health;
  /** The health in words. */
  state: string;
  version?: string;
}

export interface BrokerView extends NodeView {
  brokerName: string;
  brokerId: number;
  /** Of a master: whether it waits for its slaves before it answers a send. */
  waitsForSlaves?: boolean;
  closedForWrites: boolean;
  /** Of a slave: bytes that it lacks. */
  behindBytes?: number;
  /** 0 to 1. */
  diskRatio?: number;
  diskFree?: number;
  putTps?: number;
  getTps?: number;
}

/** A broker group. */
export interface GroupView {
  brokerName: string;
  health: Health;
  state: string;
  /** The master first. */
  brokers: BrokerView[];
}

export interface ExporterView extends NodeView {
  url: string;
  /** Seconds. */
  snapshotAge?: number;
}

/** A cluster as it is against what it should be: everything that is drawn, printed or exported. */
export interface ClusterView {
  /** Name of the component. */
  name: string;
  /** Name of the cluster in RocketMQ. */
  clusterName: string;
  /** The worst that was found. */
  health: Health;
  /** The health in words. */
  summary: string;
  /** ISO 8601, UTC; absent: nobody could be asked. */
  time?: string;
  /** The machine that asked the others. */
  askedFrom?: string;
  /** The worst first. */
  findings: Finding[];
  nameServers: NodeView[];
  groups: GroupView[];
  exporter?: ExporterView;
  /** Those with most unread messages first. */
  consumers: ConsumerReport[];
  /** Broker groups that could not be asked for theirs: what they have unread is missing above. */
  consumersMissing: string[];
}

/** The clusters of a stack. */
export interface StackView {
  stack: string;
  clusters: ClusterView[];
}

const ORDER: readonly Health[] = ["bad", "unknown", "warn", "ok"];

/** The worst of several; `ok` of none. */
export function worst(healths: readonly Health[]): Health {
  return ORDER.find((health) => healths.includes(health)) ?? "ok";
}
