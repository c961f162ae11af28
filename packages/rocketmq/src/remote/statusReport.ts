/**
 * What the agent's verb `status` is told, and what it prints. A report is facts alone: what of them
 * is wrong is judged by who knows what the cluster should be (`status/`).
 */
import type { PathsDocument } from "./documents";

/** Whom to ask. */
export interface StatusDocument {
  format: number;
  /** The machine that asks, for messages. */
  host: string;
  cluster: string;
  paths: PathsDocument;
  /** Addresses (host:port) of every name server. */
  namesrv: string[];
  /** The brokers that ought to be there; those that only a name server knows are asked as well. */
  brokers: { brokerName: string; brokerId: number; address: string }[];
  /** URL of the metrics. */
  exporter?: string;
}

/** Whether somebody answered, and why not. */
export interface Answer {
  up: boolean;
  /** Where `up` is false. */
  error?: string;
}

export interface NamesrvReport extends Answer {
  address: string;
  /** Its release; empty where the number that it answers with is none that we know. */
  version?: string;
  /** Who is registered: broker name to broker id to address. */
  brokers?: Record<string, Record<string, string>>;
  /** What clients may do, by broker name: 2 write, 4 read, 6 both. */
  permissions?: Record<string, number>;
}

export interface BrokerReport extends Answer {
  brokerName: string;
  brokerId: number;
  address: string;
  version?: string;
  /** `ASYNC_MASTER`, `SYNC_MASTER`, `SLAVE`. */
  role?: string;
  /** `brokerPermission`. */
  permission?: number;
  /** Fill level of the fuller of its two disks, 0 to 1. */
  diskRatio?: number;
  /** Bytes. */
  diskTotal?: number;
  diskFree?: number;
  /** End of its commit log, in bytes. */
  maxOffset?: number;
  /** Messages a second. */
  putTps?: number;
  getTps?: number;
  /** How long the first of the waiting sends has waited, in ms. */
  sendWaitMs?: number;
  /** ms since 1970. */
  bootTime?: number;
  /** Of a slave: what its commit log lacks. */
  behindBytes?: number;
  /** Of a slave: whether it replicates; RocketMQ 4 does not tell. */
  connected?: boolean;
  /** Of a slave: why nobody can tell how far it is behind. */
  replicaError?: string;
  /** Of a master: why its consumer groups cannot be told. */
  consumersError?: string;
}

export interface ConsumerReport {
  group: string;
  topic: string;
  /** Messages, all brokers together; 0 for broadcasting, which keeps its place in the clients. */
  unread: number;
  /** Clients of the group that are connected. */
  clients: number;
  broadcasting: boolean;
}

export interface ExporterReport extends Answer {
  url: string;
  /** Seconds since what it serves was collected. */
  snapshotAge?: number;
}

export interface StatusReport {
  /** When it was asked: ms since 1970. */
  time: number;
  nameServers: NamesrvReport[];
  brokers: BrokerReport[];
  consumers: ConsumerReport[];
  exporter?: ExporterReport;
  /** How long asking took. */
  seconds: number;
}
