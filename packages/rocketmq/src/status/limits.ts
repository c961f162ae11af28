/**
 * From when on a figure is a fault: those of the alert rules
 * (`observability/prometheus/rocketmq.rules.yml`), without their waiting times.
 */
export const LIMITS = {
  /** At 85 % a broker removes messages before their time, at 90 % it refuses new ones. */
  diskWarn: 0.8,
  diskBad: 0.87,
  /** Bytes; what a slave lacks is lost with its master's disk. */
  behindBytes: 64 * 1024 * 1024,
  sendWaitMs: 100,
  /** Seconds; four collections of the exporter. */
  snapshotAge: 60,
} as const;

/** The bit of a permission that lets clients write. */
export const WRITE = 2;
