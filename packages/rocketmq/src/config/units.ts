import type { UnitDocument } from "../remote/documents";

/**
 * Open files. RocketMQ's os.sh has 655350: a broker holds a descriptor for each connection and
 * each mapped file.
 */
const NOFILE = 655350;

/**
 * Seconds that a name server or exporter may take to stop. Name servers take one or two; they
 * have nothing to lose.
 */
const STOP_SECONDS = 30;

/**
 * Seconds that a broker may take to stop. 4.9.3 takes 5 and 5.5.0 takes 12 to 17 when idle, but
 * each of its services may be waited for up to 90; a kill costs a recovery of the store.
 */
export const BROKER_STOP_SECONDS = 300;

export function namesrvUnit(): UnitDocument {
  return { name: "mqnamesrv", nofile: NOFILE, stopTimeout: STOP_SECONDS };
}

/** An instance of the umbrella `mqbroker`, so that a second broker on a machine renames nothing. */
export function brokerUnit(slot: string, stopTimeout: number): UnitDocument {
  return { name: `mqbroker@${slot}`, nofile: NOFILE, stopTimeout };
}

export function exporterUnit(): UnitDocument {
  return { name: "mqexporter", nofile: NOFILE, stopTimeout: STOP_SECONDS };
}
