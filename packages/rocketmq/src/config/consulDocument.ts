import type { ConsulDocument, ConsulServiceDocument } from "../remote/documents";
import type { ConsulSettings, HostSettings } from "../spec/resolved";
import { nodeHeader } from "./nodeHeader";

export interface ConsulInput {
  host: HostSettings;
  slot: { slot: string; machine: string };
  consul: ConsulSettings;
  token?: string;
  service: ConsulServiceDocument;
}

/** A service as the Consul agent of its host is told of it. */
export function consulDocument({
  host,
  slot,
  consul: { url, caPem },
  token,
  service,
}: ConsulInput): ConsulDocument {
  return {
    ...nodeHeader(host, slot),
    consul: {
      url,
      ...(token === undefined ? {} : { token }),
      ...(caPem === undefined ? {} : { caPem }),
    },
    service,
  };
}
