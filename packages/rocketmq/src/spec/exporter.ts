import type * as pulumi from "@pulumi/pulumi";
import type { ExporterSource } from "./enums";

/** Apache's rocketmq-exporter, which nobody publishes: build it and say where it is. */
export interface ExporterJarArgs {
  /** Address of the jar. Either this or `file`. */
  url?: pulumi.Input<string>;
  /** Path of the jar on the machine where Pulumi runs; pushed over SSH. */
  file?: string;
  /** SHA-512 of the jar, 128 hex digits. */
  sha512: pulumi.Input<string>;
  /**
   * Further arguments of the program, after the library's.
   *
   * Example: `--rocketmq.config.outOfTimeSeconds=60`
   */
  arguments?: pulumi.Input<pulumi.Input<string>[]>;
  /** Its heap and options. */
  jvm?: ExporterJvmArgs;
}

/** JVM of Apache's exporter. */
export interface ExporterJvmArgs {
  /**
   * Heap in MiB.
   *
   * @default 256
   */
  heapMb?: pulumi.Input<number>;
  /** Further options, after the library's, so that they win. */
  options?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The program that serves the cluster's metrics to Prometheus. A change restarts it alone. */
export interface ExporterArgs {
  /**
   * Whether there is one.
   *
   * @default true
   */
  enabled?: boolean;
  /**
   * `builtin` (the library's own) or `jar` (Apache's, see `jar`).
   *
   * @default "builtin"
   */
  source?: ExporterSource;
  /**
   * Machine that carries it. Another one moves it: it answers there before it stops on the old one.
   *
   * @default the first in the list that may
   */
  machine?: string;
  /**
   * TCP port.
   *
   * @default 5557
   */
  port?: number;
  /**
   * Path of the metrics.
   *
   * @default "/metrics"
   */
  path?: pulumi.Input<string>;
  /**
   * Seconds between two collections (`builtin` only).
   *
   * @default 15
   */
  intervalSeconds?: pulumi.Input<number>;
  /** The jar, for `source: jar`. */
  jar?: ExporterJarArgs;
}
