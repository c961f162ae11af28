import type { ExporterReport, NamesrvReport, StatusReport } from "../remote/statusReport";
import type { ExpectedCluster, ExpectedServer } from "./expected";
import { Judgement } from "./findings";
import { LIMITS } from "./limits";
import type { ExporterView, Finding, NodeView } from "./view";

/** Something drawn, and what was found out about it. */
export interface Judged<V> {
  view: V;
  findings: Finding[];
}

/** What nobody could ask about. */
export const UNASKED = { health: "unknown", state: "not asked" } as const;

/** The name servers, in the order of their slots. */
export function judgeNamesrvs(
  expected: ExpectedCluster,
  report: StatusReport | undefined,
): Judged<NodeView>[] {
  return expected.nameServers.map((server) =>
    judgeNamesrv(
      server,
      report?.nameServers.find(({ address }) => address === server.address),
    ),
  );
}

function judgeNamesrv(server: ExpectedServer, report: NamesrvReport | undefined): Judged<NodeView> {
  const { slot, machine, address } = server;
  const base = { id: slot, role: "name server", machine, address } as const;
  if (report === undefined) {
    return { view: { ...base, ...UNASKED }, findings: [] };
  }
  const judgement = new Judgement(slot, server);
  if (report.up) {
    judgeVersion(judgement, report.version, server.version);
  } else {
    judgement.down(report.error);
  }
  return {
    view: {
      ...base,
      health: judgement.health,
      state: judgement.state("up"),
      ...(report.version ? { version: report.version } : {}),
    },
    findings: judgement.findings,
  };
}

/** A change of version that is under way, or that was broken off. */
export function judgeVersion(judgement: Judgement, runs: string | undefined, wanted: string): void {
  if (runs && runs !== wanted) {
    judgement.fault(
      "warn",
      `runs ${runs}`,
      `runs ${runs}, and the stack says ${wanted}`,
      "pulumi up goes on with a change that was broken off",
    );
  }
}

/** The exporter: a cluster works without it, but nobody is told when it does not. */
export function judgeExporter(
  { exporter }: ExpectedCluster,
  asked: boolean,
  report: ExporterReport | undefined,
): Judged<ExporterView> | undefined {
  if (exporter === undefined) {
    return undefined;
  }
  const { slot, machine, address, url } = exporter;
  const base = { id: slot, role: "exporter", machine, address, url } as const;
  if (!asked || report === undefined) {
    return { view: { ...base, ...UNASKED }, findings: [] };
  }
  const judgement = new Judgement(slot, exporter);
  const { snapshotAge } = report;
  if (!report.up) {
    const error = report.error ?? "no answer";
    judgement.fault(
      "warn",
      `down: ${error}`,
      `no metrics: ${error}; no alert can fire`,
      judgement.look(),
    );
  } else if (snapshotAge !== undefined && snapshotAge > LIMITS.snapshotAge) {
    const age = `${Math.round(snapshotAge)} s`;
    judgement.fault(
      "warn",
      `figures of ${age} ago`,
      `serves figures of ${age} ago: it cannot collect newer ones`,
      judgement.look(),
    );
  }
  return {
    view: {
      ...base,
      health: judgement.health,
      state: judgement.state("up"),
      ...(snapshotAge === undefined ? {} : { snapshotAge }),
    },
    findings: judgement.findings,
  };
}
