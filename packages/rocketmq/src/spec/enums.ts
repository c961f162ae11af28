/**
 * Closed sets of values. `as const` objects, so that they become enums in every language that
 * Pulumi generates and stay plain strings in stack configuration.
 */

/** What a machine may carry. */
export const MachineRole = {
  /** A name server. */
  Namesrv: "namesrv",
  /** A broker, master or slave. */
  Broker: "broker",
  /** The metrics exporter. */
  Exporter: "exporter",
} as const;
export type MachineRole = (typeof MachineRole)[keyof typeof MachineRole];

/** When a master acknowledges a message. */
export const BrokerRole = {
  /** At once; the slave follows. A master that dies for good may lose its last messages. */
  AsyncMaster: "ASYNC_MASTER",
  /** When its slave has the message too. About 10 % slower, and the master waits for the slave. */
  SyncMaster: "SYNC_MASTER",
} as const;
export type BrokerRole = (typeof BrokerRole)[keyof typeof BrokerRole];

/** When a broker writes a message to disk. */
export const FlushDiskType = {
  /** In the background: fast; a power cut may lose the last half second. */
  AsyncFlush: "ASYNC_FLUSH",
  /** Before it acknowledges. */
  SyncFlush: "SYNC_FLUSH",
} as const;
export type FlushDiskType = (typeof FlushDiskType)[keyof typeof FlushDiskType];

/** Which program serves the metrics. */
export const ExporterSource = {
  /** The exporter that comes with this library: no JVM, every supported RocketMQ version. */
  Builtin: "builtin",
  /** Apache's rocketmq-exporter as you built it (4.x; broker metrics are missing against 5.5.0). */
  Jar: "jar",
} as const;
export type ExporterSource = (typeof ExporterSource)[keyof typeof ExporterSource];

/** How a service gets into Consul. */
export const ConsulThrough = {
  /** Into its catalogue, from where Pulumi runs: for machines without a Consul agent. */
  Catalog: "catalog",
  /** Through the Consul agent on the machine, which checks the service as well. */
  Agent: "agent",
} as const;
export type ConsulThrough = (typeof ConsulThrough)[keyof typeof ConsulThrough];

/** What is registered in Consul. */
export const ConsulService = {
  /** The metrics exporter. */
  Exporter: "exporter",
  /** The name servers, each by the address that clients connect to. */
  Namesrv: "namesrv",
  /** The brokers, each by the address that clients connect to. */
  Broker: "broker",
  /** The metrics that brokers of RocketMQ 5 serve themselves. */
  BrokerMetrics: "brokerMetrics",
} as const;
export type ConsulService = (typeof ConsulService)[keyof typeof ConsulService];

/** What a topic of RocketMQ 5 carries. */
export const TopicMessageType = {
  Normal: "NORMAL",
  Fifo: "FIFO",
  Delay: "DELAY",
  Transaction: "TRANSACTION",
} as const;
export type TopicMessageType = (typeof TopicMessageType)[keyof typeof TopicMessageType];
