import type { BrokerPorts } from "./types";

/** Between two brokers on a machine: each uses listen - 2 to listen + 1. */
export const BROKER_PORT_STEP = 100;

/** RocketMQ derives the other two from the listening port, up to 5.1.0 without a choice. */
export function brokerPorts(listen: number): BrokerPorts {
  return { listen, fast: listen - 2, ha: listen + 1 };
}
