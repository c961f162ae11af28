/** For tests: the classic cluster on five machines, and what the agent reports of it when it is well. */
import { brokerConfigDocument, exporterDocument, namesrvConfigDocument } from "../config/documents";
import { classic } from "../config/testing";
import { Step } from "../remote/documents";
import type { BrokerReport, StatusReport } from "../remote/statusReport";
import { type DeployedCluster, expectedCluster, type ExpectedCluster } from "./expected";

type Overrides = Parameters<typeof classic>[0];

/** As the state of a stack has it. */
export function deployed(overrides: Overrides = {}): DeployedCluster {
  const { namesrvs, brokers, exporter } = classic(overrides);
  const steps = [
    ...namesrvs.map((input) => ({
      verb: Step.NamesrvConfig,
      document: namesrvConfigDocument(input),
    })),
    ...brokers.map((input) => ({ verb: Step.BrokerConfig, document: brokerConfigDocument(input) })),
    { verb: Step.Exporter, document: exporterDocument(exporter) },
  ];
  const machines = [...new Set(steps.map(({ document }) => document.host))];
  return {
    name: "orders",
    clusterName: steps[0]?.document.cluster ?? "",
    hosts: machines.map((name) => ({
      name,
      steps: steps.filter(({ document }) => document.host === name),
    })),
  };
}

export function expected(overrides: Overrides = {}): ExpectedCluster {
  return expectedCluster(deployed(overrides));
}

/** Everything answers, everything is in sync. */
export function healthy({ nameServers, brokers, exporter }: ExpectedCluster): StatusReport {
  const registered: Record<string, Record<string, string>> = {};
  for (const { brokerName, brokerId, address } of brokers) {
    registered[brokerName] = { ...registered[brokerName], [brokerId]: address };
  }
  const permissions = Object.fromEntries(Object.keys(registered).map((name) => [name, 6]));
  return {
    time: Date.UTC(2026, 10, 23, 10, 50, 3),
    seconds: 0.2,
    nameServers: nameServers.map(({ address, version }) => ({
      address,
      up: true,
      version,
      brokers: structuredClone(registered),
      permissions: { ...permissions },
    })),
    brokers: brokers.map(({ brokerName, brokerId, address, version }): BrokerReport => ({
      brokerName,
      brokerId,
      address,
      up: true,
      version,
      role: brokerId === 0 ? "ASYNC_MASTER" : "SLAVE",
      permission: 6,
      diskRatio: 0.41,
      diskTotal: 500 * 1024 ** 3,
      diskFree: 295 * 1024 ** 3,
      maxOffset: 1_000_000,
      putTps: brokerId === 0 ? 120.4 : 0,
      getTps: brokerId === 0 ? 81 : 0,
      sendWaitMs: 0,
      ...(brokerId === 0 ? {} : { behindBytes: 0, connected: true }),
    })),
    consumers: [
      { group: "billing", topic: "ORDERS", unread: 1204, clients: 3, broadcasting: false },
      { group: "audit", topic: "ORDERS", unread: 0, clients: 1, broadcasting: false },
      { group: "prices", topic: "PRICES", unread: 0, clients: 8, broadcasting: true },
    ],
    ...(exporter ? { exporter: { url: exporter.url, up: true, snapshotAge: 4.2 } } : {}),
  };
}

/** A report of the same cluster in which something is wrong. */
export function ill(
  cluster: ExpectedCluster,
  change: (report: StatusReport) => void,
): StatusReport {
  const report = healthy(cluster);
  change(report);
  return report;
}

/** A broker of a report. */
export function brokerOf(report: StatusReport, brokerName: string, brokerId: number): BrokerReport {
  const found = report.brokers.find(
    (broker) => broker.brokerName === brokerName && broker.brokerId === brokerId,
  );
  if (found === undefined) {
    throw new Error(`there is no broker ${brokerName} ${brokerId}`);
  }
  return found;
}

/** It does not answer, and the name servers have forgotten it. */
export function silence(report: StatusReport, brokerName: string, brokerId: number): void {
  const broker = brokerOf(report, brokerName, brokerId);
  const { address } = broker;
  for (const key of Object.keys(broker)) {
    delete (broker as unknown as Record<string, unknown>)[key];
  }
  Object.assign(broker, { brokerName, brokerId, address, up: false, error: "Connection refused" });
  report.nameServers.forEach(({ brokers }) => delete brokers?.[brokerName]?.[String(brokerId)]);
}
