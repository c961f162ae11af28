import type { StatusReport } from "../remote/statusReport";
import { judgeCluster } from "./judge";
import { machinesToAsk, statusDocument } from "./statusDocument";
import { brokerOf, expected, healthy, ill, silence } from "./testing";
import type { ClusterView } from "./view";

const CLASSIC = expected();

function judged(change: (report: StatusReport) => void): ClusterView {
  return judgeCluster(CLASSIC, { report: ill(CLASSIC, change), askedFrom: "ns1", failed: [] });
}

const master = (report: StatusReport) => brokerOf(report, "broker-a", 0);
const slave = (report: StatusReport) => brokerOf(report, "broker-a", 1);

test("whom to ask is in the state of the stack", () => {
  expect(statusDocument(CLASSIC, "ns1")).toEqual({
    format: 1,
    host: "ns1",
    cluster: "DefaultCluster",
    paths: { deploy: "/opt/rocketmq", data: "/data/rocketmq" },
    namesrv: ["10.0.0.1:9876", "10.0.0.2:9876"],
    brokers: [
      { brokerName: "broker-a", brokerId: 0, address: "10.0.0.3:10911" },
      { brokerName: "broker-a", brokerId: 1, address: "10.0.0.4:10911" },
    ],
    exporter: "http://10.0.0.5:5557/metrics",
  });
  expect(machinesToAsk(CLASSIC)).toEqual(["ns1", "ns2", "b1", "b2", "ex"]);
});

test("a healthy cluster has no findings", () => {
  expect(judged(() => undefined)).toMatchObject({
    health: "ok",
    summary: "all is well",
    time: "2026-11-23T10:50:03.000Z",
    askedFrom: "ns1",
    findings: [],
    nameServers: [{ state: "up" }, { state: "up" }],
    groups: [
      {
        health: "ok",
        state: "takes messages",
        brokers: [
          { id: "broker-a-0", state: "up", diskRatio: 0.41 },
          { id: "broker-a-1", state: "in sync", behindBytes: 0 },
        ],
      },
    ],
    exporter: { state: "up" },
  });
});

test("a group that is taken out is closed on purpose", () => {
  const leaving = structuredClone(CLASSIC);
  leaving.brokers
    .filter(({ brokerId }) => brokerId === 0)
    .forEach((broker) => (broker.leaving = true));
  const report = ill(CLASSIC, (found) => (master(found).permission = 4));
  const view = judgeCluster(leaving, { report, askedFrom: "ns1", failed: [] });
  expect(view).toMatchObject({
    health: "ok",
    findings: [
      expect.objectContaining({
        level: "note",
        text: "is closed for writes: its group is being taken out (decommission)",
      }),
    ],
    groups: [expect.objectContaining({ state: "closed for writes" })],
  });
});

test.each<[string, (report: StatusReport) => void, Partial<ClusterView>]>([
  [
    "a dead slave",
    (report) => silence(report, "broker-a", 1),
    {
      health: "bad",
      summary: "1 fault",
      findings: [
        {
          level: "bad",
          subject: "broker-a-1 on b2",
          text: "does not answer: Connection refused",
          help: "on b2: systemctl status mqbroker@broker-a-1; journalctl -u mqbroker@broker-a-1",
        },
      ],
      groups: [
        expect.objectContaining({ health: "warn", state: "takes messages, with 1 slave missing" }),
      ],
    },
  ],
  [
    "a dead master",
    (report) => {
      silence(report, "broker-a", 0);
      slave(report).replicaError = "Connection refused";
    },
    {
      health: "bad",
      findings: [
        {
          level: "bad",
          subject: "group broker-a",
          text: "has no master: takes no messages, hands out what its slaves have",
        },
        expect.objectContaining({ subject: "broker-a-0 on b1" }),
      ],
    },
  ],
  [
    "a slave that does not replicate",
    (report) => Object.assign(slave(report), { connected: false, behindBytes: 4096 }),
    {
      health: "bad",
      findings: [
        expect.objectContaining({
          text: "does not replicate: no connection to its master, 4.0 KiB behind",
        }),
      ],
    },
  ],
  [
    "a slave that is far behind",
    (report) => (slave(report).behindBytes = 65 * 1024 * 1024),
    { health: "warn", summary: "1 fault" },
  ],
  [
    "a slave that is a little behind",
    (report) => (slave(report).behindBytes = 512),
    { health: "ok" },
  ],
  [
    "closed for writes by its own word",
    (report) => (master(report).permission = 4),
    {
      health: "warn",
      groups: [expect.objectContaining({ state: "closed for writes" })],
    },
  ],
  [
    "closed for writes on one name server",
    (report) => Object.assign(report.nameServers[1] ?? {}, { permissions: { "broker-a": 4 } }),
    { health: "warn" },
  ],
  ["a disk at 80 %", (report) => (master(report).diskRatio = 0.8), { health: "ok" }],
  ["a disk at 82 %", (report) => (master(report).diskRatio = 0.82), { health: "warn" }],
  ["a disk at 88 %", (report) => (slave(report).diskRatio = 0.88), { health: "bad" }],
  ["sends that wait", (report) => (master(report).sendWaitMs = 250), { health: "warn" }],
  [
    "a broker that no name server knows",
    (report) => report.nameServers.forEach((namesrv) => (namesrv.brokers = {})),
    { health: "bad", summary: "2 faults" },
  ],
  [
    "a broker that one name server does not know",
    (report) => Object.assign(report.nameServers[0] ?? {}, { brokers: {} }),
    { health: "warn", summary: "2 faults" },
  ],
  [
    "a dead name server",
    (report) => {
      report.nameServers[1] = { address: "10.0.0.2:9876", up: false, error: "timed out" };
    },
    {
      health: "bad",
      findings: [
        expect.objectContaining({
          subject: "namesrv-1 on ns2",
          text: "does not answer: timed out",
        }),
      ],
    },
  ],
  [
    "a version that is not the stack's",
    (report) => (master(report).version = "5.3.2"),
    {
      health: "warn",
      findings: [expect.objectContaining({ text: "runs 5.3.2, and the stack says 5.5.0" })],
    },
  ],
  ["a version that nobody knows", (report) => (master(report).version = ""), { health: "ok" }],
  [
    "an exporter that is down",
    (report) => Object.assign(report.exporter ?? {}, { up: false, error: "timed out" }),
    { health: "warn" },
  ],
  [
    "an exporter with old figures",
    (report) => Object.assign(report.exporter ?? {}, { snapshotAge: 90 }),
    { health: "warn" },
  ],
  [
    "a consumer group that nobody is in is a note",
    (report) => Object.assign(report.consumers[0] ?? {}, { clients: 0 }),
    {
      health: "ok",
      summary: "all is well",
      findings: [
        {
          level: "note",
          subject: "consumer group billing",
          text: "nobody reads ORDERS: 1,204 messages unread, no client connected",
        },
      ],
    },
  ],
  [
    "a broker that is not the stack's is a note",
    (report) => {
      report.brokers.push({ ...master(report), brokerName: "broker-z", address: "10.0.0.9:10911" });
    },
    { health: "ok" },
  ],
])("%s", (_what, change, view) => {
  expect(judged(change)).toMatchObject(view);
});

test("what a dead master has unread is missing, and not nothing", () => {
  expect(judged(() => undefined).consumersMissing).toEqual([]);
  expect(judged((report) => silence(report, "broker-a", 0)).consumersMissing).toEqual(["broker-a"]);
});

test("where nobody can be asked, everything is unknown and nothing is called well", () => {
  const view = judgeCluster(CLASSIC, {
    failed: [{ machine: "ns1", error: "no answer at ops@10.0.0.1:22" }],
  });
  expect(view).toMatchObject({
    health: "unknown",
    findings: [
      {
        level: "warn",
        subject: "ns1",
        text: "cannot be asked over SSH: no answer at ops@10.0.0.1:22",
      },
    ],
    nameServers: [{ health: "unknown", state: "not asked" }, { health: "unknown" }],
    groups: [{ health: "unknown", state: "not asked" }],
    exporter: { health: "unknown" },
  });
  expect(view.time).toBeUndefined();
});

test("brokers are in the order of their numbers", () => {
  const many = expected({ brokerGroups: 12, brokersPerMachine: 20, replicasPerGroup: 1 });
  const view = judgeCluster(many, { report: healthy(many), askedFrom: "ns1", failed: [] });
  expect(view.groups.map(({ brokerName }) => brokerName)).toEqual(
    [..."abcdefghijkl"].map((letter) => `broker-${letter}`),
  );
});
