import { type CheckDifference, Repair } from "../../remote/checkReport";
import { checkDocument, type HostDrift } from "./checkHost";
import { exitCode, json, line, lines } from "./report";

const EDITED: CheckDifference = {
  node: "broker-a-0",
  what: "broker.conf deleteWhen",
  expected: "04",
  found: "05",
  repair: Repair.Hot,
};
const SAME: HostDrift = { cluster: "orders", host: "mq1", differences: [] };
const DRIFTED: HostDrift = { cluster: "orders", host: "mq2", differences: [EDITED] };
const AWAY: HostDrift = {
  cluster: "orders",
  host: "mq3",
  error: { message: "mq3: no SSH connection", remedy: "See that it runs." },
};

test("a line has the host, the node, what, expected, found and the cost of the repair", () => {
  expect(line("mq2", EDITED)).toBe(
    "mq2 broker-a-0: broker.conf deleteWhen: expected 04, found 05 (repair: hot)",
  );
  expect(line("mq2", { ...EDITED, node: undefined, repair: Repair.Manual })).toBe(
    "mq2: broker.conf deleteWhen: expected 04, found 05 (repair: by hand)",
  );
});

test("a node that runs from its old unit is told and is no drift", () => {
  const note = "broker-a-0: adopted; runs from its old unit mqbroker until its next restart";
  const hosts = [{ ...SAME, notes: [note] }];
  expect(lines(hosts)).toEqual([`mq1 ${note}`, "no drift on 1 machine"]);
  expect(exitCode(hosts)).toBe(0);
});

test.each<[HostDrift[], number, string | undefined]>([
  [[SAME], 0, "no drift on 1 machine"],
  [[SAME, DRIFTED], 2, "1 difference on 1 of 2 machines; to repair: pulumi config set reconcile"],
  // Others are still reported.
  [[SAME, DRIFTED, AWAY], 1, "1 difference on 1 of 2 machines"],
  [[AWAY], 1, undefined],
])("exit codes and the last line", (hosts, code, last) => {
  expect(exitCode(hosts)).toBe(code);
  const said = lines(hosts).pop();
  expect(last === undefined ? said : said?.startsWith(last)).toBe(
    last === undefined ? undefined : true,
  );
});

test("JSON tells drift and what could not be asked apart", () => {
  expect(json("prod", [DRIFTED, AWAY])).toEqual({
    stack: "prod",
    drift: true,
    complete: false,
    hosts: [DRIFTED, AWAY],
  });
});

test("the agent is given the documents of the host and its nodes, without those of rollouts", () => {
  const common = { format: 1, host: "mq1", cluster: "Shop", paths: { deploy: "/o", data: "/d" } };
  const steps = ["preflight", "host", "broker-config", "broker-rollout"].map((verb) => ({
    name: verb,
    verb,
    document: { ...common, verb },
  }));
  const connection = { host: "a", port: 22, user: "u", perDialTimeout: 1, sudo: true };
  expect(checkDocument({ name: "mq1", connection, steps })).toEqual({
    ...common,
    steps: ["host", "broker-config"].map((verb) => ({ verb, document: { ...common, verb } })),
  });
  const fresh = { name: "mq1", connection, steps: steps.slice(0, 1) };
  expect(() => checkDocument(fresh)).toThrow("mq1: nothing was set up there yet");
});
