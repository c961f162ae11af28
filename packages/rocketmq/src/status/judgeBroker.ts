import type { BrokerReport, NamesrvReport, StatusReport } from "../remote/statusReport";
import type { ExpectedBroker } from "./expected";
import { Judgement } from "./findings";
import { type Judged, judgeVersion, UNASKED } from "./judgeServers";
import { LIMITS, WRITE } from "./limits";
import type { BrokerView } from "./view";
import { bytes, percent } from "./words";

/** One broker of the stack. */
export function judgeBroker(
  broker: ExpectedBroker,
  report: StatusReport | undefined,
): Judged<BrokerView> {
  const found = report?.brokers.find(
    ({ brokerName, brokerId, address }) =>
      brokerName === broker.brokerName &&
      brokerId === broker.brokerId &&
      address === broker.address,
  );
  const judgement = new Judgement(broker.slot, broker);
  const view = base(broker, broker.slot, broker.machine);
  if (report === undefined || found === undefined) {
    return { view, findings: [] };
  }
  const closed = isClosed(found, report.nameServers);
  if (found.up) {
    judgeVersion(judgement, found.version, broker.version);
    judgeRegistration(judgement, broker, report.nameServers);
    judgeWrites(judgement, broker, closed, found);
    judgeReplica(judgement, found, report);
    judgeDisk(judgement, found);
    if (found.consumersError !== undefined) {
      judgement.note(`its consumer groups cannot be told: ${found.consumersError}`);
    }
  } else {
    judgement.down(found.error);
  }
  return {
    view: {
      ...view,
      ...figures(found),
      closedForWrites: closed,
      health: judgement.health,
      state: judgement.state(well(found)),
    },
    findings: judgement.findings,
  };
}

/** A broker that a name server knows and the stack does not: moved, forgotten, or another's. */
export function strangerView(report: BrokerReport): Judged<BrokerView> {
  const judgement = new Judgement(`${report.brokerName} (${report.brokerId})`);
  judgement.note(
    `at ${report.address} is registered in this cluster but not part of the stack` +
      (report.up ? "" : `, and does not answer: ${report.error ?? "no answer"}`),
  );
  return {
    view: {
      ...base(report, report.address),
      ...figures(report),
      health: report.up ? "ok" : "warn",
      state: report.up ? "not of this stack" : `not of this stack, down`,
    },
    findings: judgement.findings,
  };
}

function base(
  { brokerName, brokerId, address }: Pick<BrokerReport, "brokerName" | "brokerId" | "address">,
  id: string,
  machine?: string,
): BrokerView {
  return {
    id,
    role: brokerId === 0 ? "master" : "slave",
    ...(machine === undefined ? {} : { machine }),
    address,
    brokerName,
    brokerId,
    closedForWrites: false,
    ...UNASKED,
  };
}

function figures(report: BrokerReport): Partial<BrokerView> {
  const { version, role, behindBytes, diskRatio, diskFree, putTps, getTps } = report;
  const all = {
    version: version || undefined,
    waitsForSlaves: role === undefined || report.brokerId > 0 ? undefined : role === "SYNC_MASTER",
    behindBytes,
    diskRatio,
    diskFree,
    putTps,
    getTps,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function well({ brokerId, behindBytes }: BrokerReport): string {
  if (brokerId === 0) {
    return "up";
  }
  return behindBytes === 0 ? "in sync" : `${bytes(behindBytes ?? 0)} behind`;
}

/** By what the master says of itself, or by what clients are told of it. */
function isClosed(broker: BrokerReport, namesrvs: NamesrvReport[]): boolean {
  const permissions = [
    broker.permission,
    ...namesrvs.map(({ permissions: all }) => all?.[broker.brokerName]),
  ];
  return (
    broker.brokerId === 0 && permissions.some((one) => one !== undefined && (one & WRITE) === 0)
  );
}

function judgeRegistration(
  judgement: Judgement,
  { brokerName, brokerId, address }: ExpectedBroker,
  namesrvs: NamesrvReport[],
): void {
  const up = namesrvs.filter((namesrv) => namesrv.up);
  const knowing = up.filter(
    ({ brokers }) => brokers?.[brokerName]?.[String(brokerId)] === address,
  ).length;
  if (knowing === up.length) {
    return;
  }
  if (knowing === 0) {
    judgement.fault(
      "bad",
      "not registered",
      "answers, but no name server knows it: clients do not find it",
      judgement.look(),
    );
    return;
  }
  const text = `registered with ${knowing} of ${up.length} name servers`;
  judgement.fault("warn", text, `${text}: clients of the others do not find it`);
}

function judgeWrites(
  judgement: Judgement,
  { leaving }: ExpectedBroker,
  closed: boolean,
  { sendWaitMs }: BrokerReport,
): void {
  if (closed && leaving) {
    judgement.note("is closed for writes: its group is being taken out (decommission)");
  } else if (closed) {
    judgement.fault(
      "warn",
      "closed for writes",
      "is closed for writes: clients send elsewhere. So it is during a rolling restart",
      'if none is under way, this opens it: pulumi config set reconcile "$(date -Is)" && pulumi up',
    );
  }
  if (sendWaitMs !== undefined && sendWaitMs > LIMITS.sendWaitMs) {
    judgement.fault(
      "warn",
      `sends wait ${sendWaitMs} ms`,
      `the first send in its queue has waited for ${sendWaitMs} ms: disk or processor is too slow`,
    );
  }
}

function judgeReplica(judgement: Judgement, slave: BrokerReport, report: StatusReport): void {
  if (slave.brokerId === 0) {
    return;
  }
  const { replicaError, behindBytes = 0 } = slave;
  if (replicaError !== undefined) {
    const masterUp = report.brokers.some(
      ({ brokerName, brokerId, up }) => brokerName === slave.brokerName && brokerId === 0 && up,
    );
    if (masterUp) {
      judgement.fault("warn", "replication unknown", `its replication is unknown: ${replicaError}`);
    } else {
      judgement.follows("up, without a master");
    }
    return;
  }
  const behind = `${bytes(behindBytes)} behind`;
  if (slave.connected === false) {
    judgement.fault(
      "bad",
      `does not replicate, ${behind}`,
      `does not replicate: no connection to its master, ${behind}`,
      judgement.look(),
    );
  } else if (behindBytes > LIMITS.behindBytes) {
    judgement.fault(
      "warn",
      behind,
      `is ${behind} its master: so much is lost if the master's disk is`,
    );
  }
}

function judgeDisk(judgement: Judgement, { diskRatio, diskFree }: BrokerReport): void {
  if (diskRatio === undefined || diskRatio <= LIMITS.diskWarn) {
    return;
  }
  const used = percent(diskRatio);
  const free = diskFree === undefined ? "" : ` (${bytes(diskFree)} free)`;
  judgement.fault(
    diskRatio > LIMITS.diskBad ? "bad" : "warn",
    `disk ${used} full`,
    `its disk is ${used} full${free}: from 85 % on messages are removed before their time, from 90 % on refused`,
  );
}
