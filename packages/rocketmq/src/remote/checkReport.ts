/** What the verb `check` is told and prints: how a host differs from its documents. Reads only. */

import type { PathsDocument } from "./documents";

export interface CheckDocument {
  format: number;
  /** The machine's name in the program, for messages. */
  host: string;
  cluster: string;
  paths: PathsDocument;
  /** The documents of the host's steps; those of verbs that say nothing new are passed over. */
  steps: { verb: string; document: object }[];
}

/** What a repair costs. */
export const Repair = {
  /** Done beside or in the running process. */
  Hot: "hot",
  /** Something that does not run is started. */
  Start: "start",
  /** The running process is restarted, in the rolling order. */
  Restart: "restart",
  /** Java, RocketMQ or a node is installed again. */
  Reinstall: "reinstall",
  /** Not by an update: a person must decide. */
  Manual: "manual",
} as const;
export type Repair = (typeof Repair)[keyof typeof Repair];

/** One difference. */
export interface CheckDifference {
  /** The slot; absent: the host itself. */
  node?: string;
  /** A key, a file, a unit, a topic: `broker.conf deleteWhen`. */
  what: string;
  expected: string;
  found: string;
  repair: Repair;
}

export interface CheckReport {
  differences: CheckDifference[];
  /** Worth knowing, and nothing to repair: one sentence each, the node first. */
  notes?: string[];
  seconds: number;
}
