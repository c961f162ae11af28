import type { StatusReport } from "../remote/statusReport";
import type { ExpectedBroker, ExpectedCluster } from "./expected";
import { judgeBroker, strangerView } from "./judgeBroker";
import { type Judged, judgeExporter, judgeNamesrvs } from "./judgeServers";
import { type BrokerView, type ClusterView, type Finding, type GroupView, worst } from "./view";
import { moment, plural } from "./words";

/** What was heard of a cluster. */
export interface Hearing {
  /** Absent: no machine could be asked. */
  report?: StatusReport;
  /** The machine that the report is from. */
  askedFrom?: string;
  /** Machines that could not be asked, and why. */
  failed: { machine: string; error: string; help?: string }[];
}

/** Holds what was heard against what should be. */
export function judgeCluster(expected: ExpectedCluster, hearing: Hearing): ClusterView {
  const { report, askedFrom, failed } = hearing;
  const namesrvs = judgeNamesrvs(expected, report);
  const brokers = [
    ...expected.brokers.map((broker) => judgeBroker(broker, report)),
    ...strangers(expected.brokers, report),
  ];
  const exporter = judgeExporter(expected, report !== undefined, report?.exporter);
  const groups = groupViews(brokers);
  const findings = [
    ...groups.flatMap(({ finding }) => (finding ? [finding] : [])),
    ...[...namesrvs, ...brokers, ...(exporter ? [exporter] : [])].flatMap((one) => one.findings),
    ...failed.map(({ machine, error, help }): Finding => ({
      level: "warn",
      subject: machine,
      text: `cannot be asked over SSH: ${error}`,
      ...(help ? { help } : {}),
    })),
    ...readerless(report),
  ].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const health = worst([
    report === undefined ? "unknown" : "ok",
    ...findings.flatMap(({ level }) => (level === "note" ? [] : [level])),
  ]);
  return {
    name: expected.name,
    clusterName: expected.clusterName,
    health,
    summary: summary(report !== undefined, findings),
    ...(report ? { time: new Date(report.time).toISOString() } : {}),
    ...(askedFrom === undefined ? {} : { askedFrom }),
    findings,
    nameServers: namesrvs.map(({ view }) => view),
    groups: groups.map(({ view }) => view),
    ...(exporter ? { exporter: exporter.view } : {}),
    consumers: [...(report?.consumers ?? [])].sort((a, b) => b.unread - a.unread),
    consumersMissing: consumersMissing(expected.brokers, report),
  };
}

const LEVELS: readonly Finding["level"][] = ["bad", "warn", "note"];

function summary(asked: boolean, findings: Finding[]): string {
  if (!asked) {
    return "nothing is known: no machine could be asked";
  }
  const faults = findings.filter(({ level }) => level !== "note");
  return faults.length === 0 ? "all is well" : plural(faults.length, "fault");
}

function strangers(
  brokers: ExpectedBroker[],
  report: StatusReport | undefined,
): Judged<BrokerView>[] {
  const known = new Set(brokers.map(({ address, brokerName }) => `${brokerName} ${address}`));
  return (report?.brokers ?? [])
    .filter(({ address, brokerName }) => !known.has(`${brokerName} ${address}`))
    .map(strangerView);
}

function groupViews(brokers: Judged<BrokerView>[]): { view: GroupView; finding?: Finding }[] {
  const names = [...new Set(brokers.map(({ view }) => view.brokerName))];
  return names.map((brokerName) => {
    const members = brokers
      .filter(({ view }) => view.brokerName === brokerName)
      .sort((a, b) => a.view.brokerId - b.view.brokerId);
    const views = members.map(({ view }) => view);
    const masters = views.filter(({ brokerId }) => brokerId === 0);
    if (masters.length === 0 || masters.every(({ state }) => state.startsWith("down"))) {
      const slaves = views.some(({ brokerId, health }) => brokerId > 0 && health !== "bad");
      const state = slaves
        ? "takes no messages, hands out what its slaves have"
        : "takes and gives no messages";
      return {
        view: { brokerName, health: "bad", state: "no master: takes no messages", brokers: views },
        finding: { level: "bad", subject: `group ${brokerName}`, text: `has no master: ${state}` },
      };
    }
    const health = worst(views.map((view) => view.health));
    // A group with its master works, whatever its slaves do.
    return {
      view: {
        brokerName,
        health: health === "bad" && masters.some((one) => one.health !== "bad") ? "warn" : health,
        state: groupState(views),
        brokers: views,
      },
    };
  });
}

function groupState(brokers: BrokerView[]): string {
  if (brokers.every(({ health }) => health === "unknown")) {
    return "not asked";
  }
  if (brokers.some(({ closedForWrites }) => closedForWrites)) {
    return "closed for writes";
  }
  const broken = brokers.filter(({ brokerId, health }) => brokerId > 0 && health === "bad").length;
  return broken === 0
    ? "takes messages"
    : `takes messages, with ${plural(broken, "slave")} missing`;
}

/** Only masters know what is unread. */
function consumersMissing(brokers: ExpectedBroker[], report: StatusReport | undefined): string[] {
  const heard = (name: string) =>
    report?.brokers.some(
      ({ brokerName, brokerId, up, consumersError }) =>
        brokerName === name && brokerId === 0 && up && consumersError === undefined,
    );
  return [...new Set(brokers.map(({ brokerName }) => brokerName))].filter((name) => !heard(name));
}

/** No fault of the cluster, but what a person looks for who misses messages. */
function readerless(report: StatusReport | undefined): Finding[] {
  return (report?.consumers ?? [])
    .filter(({ unread, clients, topic }) => unread > 0 && clients === 0 && !topic.startsWith("%"))
    .map(({ group, topic, unread }) => ({
      level: "note",
      subject: `consumer group ${group}`,
      text: `nobody reads ${topic}: ${plural(unread, "message")} unread, no client connected`,
    }));
}

/** `asked from h1 at 2026-11-23 10:50:03 UTC` */
export function provenance({ time, askedFrom }: ClusterView): string {
  return time === undefined ? "not asked" : `asked from ${askedFrom} at ${moment(time)}`;
}
