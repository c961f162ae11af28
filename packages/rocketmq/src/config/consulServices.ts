/** What of a cluster stands in Consul, the same by either way of getting there. */
import type { ConsulServiceDocument } from "../remote/documents";
import type { ConsulSettings } from "../spec/resolved";
import { brokerMetricsPort } from "../topology/ports";
import { type BrokerInput, brokerRelease } from "./brokerDocuments";
import type { ExporterInput } from "./exporterDocument";
import type { NamesrvInput } from "./namesrvDocuments";

/** Seconds; Consul shows a service as failing after the first check that does. */
const CHECK_INTERVAL = 10;

/** The tag by which Prometheus selects what it can scrape. */
const SCRAPED = "prometheus";

export function exporterService(
  { host, exporter, slot, addresses }: Omit<ExporterInput, "namesrv">,
  consul: ConsulSettings,
): ConsulServiceDocument {
  const at = `${addresses.address}:${slot.port}`;
  return {
    id: `${host.cluster}-${slot.slot}`,
    name: consul.names.exporter,
    address: addresses.address,
    port: slot.port,
    tags: tags(consul, SCRAPED, host.cluster),
    meta: meta(consul, host.cluster, { metrics_path: exporter.path, role: "exporter" }),
    // Apache's exporter has no page for its health.
    check: checked(exporter.source === "builtin" ? { http: `http://${at}/healthz` } : { tcp: at }),
  };
}

export function namesrvService(
  { host, slot, addresses }: NamesrvInput,
  consul: ConsulSettings,
): ConsulServiceDocument {
  return {
    id: `${host.cluster}-${slot.slot}`,
    name: consul.names.namesrv,
    address: addresses.address,
    port: slot.port,
    tags: tags(consul, host.cluster),
    meta: meta(consul, host.cluster, { role: "namesrv" }),
    check: checked({ tcp: `${addresses.address}:${slot.port}` }),
  };
}

export function brokerService(input: BrokerInput, consul: ConsulSettings): ConsulServiceDocument {
  const { host, slot, addresses } = input;
  const { listen } = slot.ports;
  return {
    id: `${host.cluster}-${slot.slot}`,
    name: consul.names.broker,
    address: addresses.advertise,
    port: listen,
    tags: tags(consul, host.cluster, slot.index === 0 ? "master" : "slave"),
    meta: meta(consul, host.cluster, { role: "broker", ...ofBroker(input) }),
    check: checked({ tcp: `${addresses.advertise}:${listen}` }),
  };
}

/** The page of metrics that a broker serves with `metricsExporterType: PROM`. */
export function brokerMetricsService(
  input: BrokerInput,
  consul: ConsulSettings,
): ConsulServiceDocument {
  const { host, slot, addresses } = input;
  const port = Number(
    brokerRelease(input).conf.metricsPromExporterPort ?? brokerMetricsPort(slot.ports.listen),
  );
  return {
    id: `${host.cluster}-${slot.slot}-metrics`,
    name: consul.names.brokerMetrics,
    address: addresses.advertise,
    port,
    tags: tags(consul, SCRAPED, host.cluster),
    meta: meta(consul, host.cluster, {
      metrics_path: "/metrics",
      role: "broker",
      ...ofBroker(input),
    }),
    // Not its page: the broker makes it anew for everyone who asks.
    check: checked({ tcp: `${addresses.advertise}:${port}` }),
  };
}

/** As the exporter's series call them. */
function ofBroker({ group, slot }: BrokerInput): Record<string, string> {
  return { broker: group.brokerName, broker_id: String(slot.brokerId) };
}

function tags(consul: ConsulSettings, ...ours: string[]): string[] {
  return [...new Set([...ours, ...consul.tags])];
}

function meta(
  { environment, meta: users }: ConsulSettings,
  cluster: string,
  { metrics_path, ...ours }: Record<string, string>,
): Record<string, string> {
  return {
    ...(metrics_path === undefined ? {} : { metrics_path }),
    cluster,
    ...(environment === undefined ? {} : { env: environment }),
    ...ours,
    ...users,
  };
}

function checked(how: { http: string } | { tcp: string }): ConsulServiceDocument["check"] {
  return { ...how, interval: CHECK_INTERVAL };
}
