import type * as pulumi from "@pulumi/pulumi";
import type { ConsulThrough, ExporterSource } from "./enums";

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
   * Machine that carries it.
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

/** Registers the exporter as a service in Consul, where Prometheus finds it. */
export interface ConsulRegistrationArgs {
  /**
   * Consul's HTTP API: `host:port` or an URL.
   *
   * With `through: catalog` as Pulumi reaches it, with `through: agent` as the machine does
   * (`127.0.0.1:8500`).
   *
   * Example: `consul.example.com:8500`
   */
  address: pulumi.Input<string>;
  /**
   * `catalog` or `agent`: on machines that run a Consul agent it must be `agent`, since that
   * removes again what it finds under its name in the catalogue and has not registered itself.
   *
   * @default "catalog"
   */
  through?: ConsulThrough;
  /** Certificates, in PEM, of the authorities that Consul's certificate may be by, for `https`. */
  caPem?: pulumi.Input<string>;
  /** ACL token. A secret. */
  token?: pulumi.Input<string>;
  /** Data centre of Consul. */
  datacenter?: pulumi.Input<string>;
  /**
   * Name of the service.
   *
   * @default "rocketmq-exporter"
   */
  serviceName?: pulumi.Input<string>;
  /**
   * Tags beside `prometheus` and the cluster's name.
   */
  tags?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Metadata beside `metrics_path`, `cluster` and `env`.
   */
  meta?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
