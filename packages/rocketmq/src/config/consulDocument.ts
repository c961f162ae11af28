import type { ConsulDocument } from "../remote/documents";
import type {
  ConsulSettings,
  ExporterSettings,
  HostSettings,
  MachineAddresses,
} from "../spec/resolved";
import type { ExporterSlot } from "../topology/types";
import { nodeHeader } from "./nodeHeader";

export interface ConsulInput {
  host: HostSettings;
  exporter: ExporterSettings;
  consul: ConsulSettings;
  slot: ExporterSlot;
  addresses: MachineAddresses;
}

/** Seconds; Consul shows a service as failing after the first check that does. */
const CHECK_INTERVAL = 10;

/** The exporter as the Consul agent of its host is told of it. */
export function consulDocument(input: ConsulInput): ConsulDocument {
  const { host, exporter, consul, slot, addresses } = input;
  const at = `${addresses.address}:${slot.port}`;
  return {
    ...nodeHeader(host, slot),
    consul: {
      url: consul.url,
      ...(consul.token === undefined ? {} : { token: consul.token }),
      ...(consul.caPem === undefined ? {} : { caPem: consul.caPem }),
    },
    service: {
      id: `${host.cluster}-${slot.slot}`,
      name: consul.serviceName,
      address: addresses.address,
      port: slot.port,
      tags: consul.tags,
      meta: consul.meta,
      // Apache's exporter has no page for its health.
      check: {
        ...(exporter.source === "builtin" ? { http: `http://${at}/healthz` } : { tcp: at }),
        interval: CHECK_INTERVAL,
      },
    },
  };
}
