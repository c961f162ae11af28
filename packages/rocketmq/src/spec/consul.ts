import type * as pulumi from "@pulumi/pulumi";
import type { ConsulService, ConsulThrough } from "./enums";

/** Registers the cluster's services in Consul, where Prometheus and clients find them. */
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
  /**
   * What is registered: `exporter`, `namesrv`, `broker` and `brokerMetrics` (the brokers' own metrics,
   * for `metricsExporterType: PROM`). A change restarts nothing.
   *
   * @default `exporter`, or of a node on its own that node
   */
  services?: ConsulService[];
  /**
   * Whether the entries of the catalogue carry health checks, for `consul-esm` to run: the
   * exporter's `/healthz`, of all others the port, every 10 s. A check is critical until it was run
   * once, so leave this off where nobody does. With `through: agent` the agent checks in any case.
   *
   * @default false
   */
  externalChecks?: pulumi.Input<boolean>;
  /** Certificates, in PEM, of the authorities that Consul's certificate may be by, for `https`. */
  caPem?: pulumi.Input<string>;
  /** ACL token. A secret. */
  token?: pulumi.Input<string>;
  /** Data centre of Consul. */
  datacenter?: pulumi.Input<string>;
  /**
   * Name of the exporter's service.
   *
   * @default "rocketmq-exporter"
   */
  serviceName?: pulumi.Input<string>;
  /**
   * Name of the name servers' service.
   *
   * @default "rocketmq-namesrv"
   */
  namesrvServiceName?: pulumi.Input<string>;
  /**
   * Name of the brokers' service.
   *
   * @default "rocketmq-broker"
   */
  brokerServiceName?: pulumi.Input<string>;
  /**
   * Name of the service of the brokers' own metrics.
   *
   * @default "rocketmq-broker-metrics"
   */
  brokerMetricsServiceName?: pulumi.Input<string>;
  /**
   * Tags beside ours: the cluster's name, `prometheus` where there are metrics, `master` or `slave` of
   * a broker.
   */
  tags?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Metadata beside ours and over them: `cluster`, `env`, `role`, `metrics_path` where there are
   * metrics, `broker` and `broker_id` of a broker.
   */
  meta?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
