import { DOCUMENT_FORMAT } from "../remote/documents";
import type { StatusDocument } from "../remote/statusReport";
import type { ExpectedCluster } from "./expected";

/** What the agent on `machine` is asked. */
export function statusDocument(expected: ExpectedCluster, machine: string): StatusDocument {
  return {
    format: DOCUMENT_FORMAT,
    host: machine,
    cluster: expected.clusterName,
    paths: expected.paths,
    namesrv: expected.nameServers.map(({ address }) => address),
    brokers: expected.brokers.map(({ brokerName, brokerId, address }) => ({
      brokerName,
      brokerId,
      address,
    })),
    ...(expected.exporter ? { exporter: expected.exporter.url } : {}),
  };
}

/** The machines that may be asked, in this order: those of the name servers know the way to all. */
export function machinesToAsk(expected: ExpectedCluster): string[] {
  const nodes = [...expected.nameServers, ...expected.brokers];
  const all = [...nodes, ...(expected.exporter ? [expected.exporter] : [])];
  return [...new Set(all.map(({ machine }) => machine))];
}
