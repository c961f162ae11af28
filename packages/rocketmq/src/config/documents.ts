/**
 * From settings and slots to the documents of the steps. Each function takes the plain values of
 * just what its node needs.
 */
import type { HostDocument } from "../remote/documents";
import { DOCUMENT_FORMAT } from "../remote/documents";
import type { HostSettings } from "../spec/resolved";

import { reconciliation } from "./nodeHeader";

export * from "./brokerDocuments";
export * from "./consulDocument";
export * from "./consulServices";
export * from "./exporterDocument";
export * from "./namesrvDocuments";
export * from "./preflight";

export function hostDocument(host: HostSettings, machine: string): HostDocument {
  return {
    format: DOCUMENT_FORMAT,
    host: machine,
    cluster: host.cluster,
    paths: host.paths,
    user: host.user,
    ...(host.os ? { os: host.os } : {}),
    java: host.java,
    package: host.package,
    ...reconciliation(host),
  };
}
