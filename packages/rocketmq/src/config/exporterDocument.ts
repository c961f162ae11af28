import type { ExporterDocument } from "../remote/documents";
import type { ExporterSettings, HostSettings, MachineAddresses } from "../spec/resolved";
import type { ExporterSlot } from "../topology/types";
import { exporterJvm } from "./jvm";
import { exporterUnit } from "./units";
import { adoption, nodeHeader } from "./nodeHeader";

export interface ExporterInput {
  host: HostSettings;
  exporter: ExporterSettings;
  slot: ExporterSlot;
  addresses: MachineAddresses;
  /** Addresses (host:port) of every name server. */
  namesrv: string[];
}

export function exporterDocument(input: ExporterInput): ExporterDocument {
  const { host, exporter, slot, addresses, namesrv } = input;
  return {
    ...nodeHeader(host, slot),
    address: `${addresses.address}:${slot.port}`,
    source: exporter.source,
    namesrv,
    port: slot.port,
    path: exporter.path,
    interval: exporter.intervalSeconds,
    unit: exporterUnit(),
    ...(exporter.jar ? { jar: jar(input, exporter.jar) } : {}),
    ...adoption(host),
  };
}

/**
 * Apache's exporter as a Spring Boot program: only `--rocketmq.config.*` reaches it, since its
 * application.yml wins over `-Drocketmq.namesrv.addr`.
 */
function jar(
  { host, exporter, slot, namesrv }: ExporterInput,
  { url, file, sha512, arguments: extra, jvm }: NonNullable<ExporterSettings["jar"]>,
): NonNullable<ExporterDocument["jar"]> {
  return {
    ...(file === undefined ? { url } : { file }),
    sha512,
    arguments: [
      `--server.port=${slot.port}`,
      `--rocketmq.config.namesrvAddr=${namesrv.join(";")}`,
      `--rocketmq.config.webTelemetryPath=${exporter.path}`,
      `--rocketmq.config.rocketmqVersion=V${host.version.replaceAll(".", "_")}`,
      ...extra,
    ],
    jvm: exporterJvm(jvm),
    java: host.java,
  };
}
