import type { BrokerPorts } from "./types";

/** Between two brokers on a machine: each uses listen - 2 to listen + 2. */
export const BROKER_PORT_STEP = 100;

/** RocketMQ derives the other two from the listening port, up to 5.1.0 without a choice. */
export function brokerPorts(listen: number): BrokerPorts {
  return { listen, fast: listen - 2, ha: listen + 1 };
}

/**
 * Where a broker of RocketMQ 5 serves its own metrics, if told to: RocketMQ's default is the
 * exporter's port, and the same for every broker on a machine.
 */
export function brokerMetricsPort(listen: number): number {
  return listen + 2;
}
