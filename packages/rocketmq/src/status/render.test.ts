import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { judgeCluster } from "./judge";
import { statusPage } from "./page";
import { terminalLines } from "./terminal";
import { brokerOf, expected, healthy, ill, silence } from "./testing";
import { bytes, count, percent, rate } from "./words";

const CLASSIC = expected();
const WELL = judgeCluster(CLASSIC, { report: healthy(CLASSIC), askedFrom: "ns1", failed: [] });
const TWO = expected({ brokerGroups: 2, brokersPerMachine: 2 });
const ILL = judgeCluster(TWO, {
  report: ill(TWO, (report) => {
    silence(report, "broker-a", 0);
    brokerOf(report, "broker-a", 1).replicaError = "Connection refused";
    Object.assign(brokerOf(report, "broker-b", 1), { connected: false, behindBytes: 3 * 2 ** 30 });
    brokerOf(report, "broker-b", 0).diskRatio = 0.83;
    report.nameServers[1] = { address: "10.0.0.2:9876", up: false, error: "timed out" };
    report.consumers.push({
      group: "reports",
      topic: "ORDERS",
      unread: 91_000,
      clients: 0,
      broadcasting: false,
    });
  }),
  askedFrom: "ns1",
  failed: [],
});
const UNKNOWN = judgeCluster(CLASSIC, { failed: [{ machine: "ns1", error: "no answer" }] });

test.each([
  ["well", WELL],
  ["ill", ILL],
  ["unknown", UNKNOWN],
])("a terminal shows a cluster that is %s", (_what, view) => {
  expect(terminalLines(view, { colour: false }).join("\n")).toMatchSnapshot();
});

test("colours come beside the signs", () => {
  const lines = terminalLines(ILL, { colour: true });
  expect(lines[0]).toContain("\u001b[31m✗ DefaultCluster");
  // Without the colours it is the same text.
  const plain = lines.map((line) => stripVTControlCharacters(line).trimEnd());
  expect(plain).toEqual(terminalLines(ILL, { colour: false }));
});

test("a terminal shows the groups with most unread messages, and counts the rest", () => {
  const consumers = Array.from({ length: 30 }, (_, i) => ({
    group: `group-${i}`,
    topic: "ORDERS",
    unread: 30 - i,
    clients: 1,
    broadcasting: false,
  }));
  const lines = terminalLines({ ...WELL, consumers }, { colour: false, consumers: 5 });
  expect(lines[lines.length - 1]).toBe(
    "  and 25 rows with no more unread than these (--json has all)",
  );
});

test.each([
  ["well", WELL],
  ["ill", ILL],
  ["unknown", UNKNOWN],
])("the page of a cluster that is %s has everything that the terminal has", (_what, view) => {
  const page = statusPage({ stack: "prod", clusters: [view] });
  expect(page).toContain(view.summary);
  const nodes = [...view.nameServers, ...view.groups.flatMap(({ brokers }) => brokers)];
  for (const { id, address, state } of nodes) {
    for (const text of [id, address, state]) {
      // In the table, and in the picture or its description.
      expect(page.split(text).length).toBeGreaterThan(2);
    }
  }
  view.findings.forEach(({ text }) => expect(page).toContain(text));
});

test("the page asks for nothing from anywhere", () => {
  const page = statusPage({ stack: "prod", clusters: [ILL] });
  expect(page).not.toMatch(/<script|https?:\/\/(?!10\.)|@import|url\(/);
  expect(page).toContain(`<link rel="icon" href="data:,`);
});

test("names are never read as markup", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const hostile = `<b onclick="x">${name}</b>&"'`;
      const consumers = [
        { group: hostile, topic: hostile, unread: 1, clients: 0, broadcasting: false },
      ];
      const page = statusPage({ stack: hostile, clusters: [{ ...WELL, consumers }] });
      expect(page).not.toContain("<b onclick");
    }),
  );
});

test("the picture has room for every box, however many there are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 3 }),
      (groups, brokers) => {
        const many = expected({
          brokerGroups: groups,
          replicasPerGroup: brokers,
          brokersPerMachine: 200,
          machines: Array.from({ length: 5 }, (_, i) => ({
            name: `m${i}`,
            address: `10.0.0.${i + 1}`,
          })),
        });
        const view = judgeCluster(many, { report: healthy(many), askedFrom: "m0", failed: [] });
        const page = statusPage({ stack: "prod", clusters: [view] });
        const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) ([\d.]+)"/.exec(page) ?? []).map(
          Number,
        );
        for (const [, x, y, w, h] of page.matchAll(
          /<rect[^>]* x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
        )) {
          expect(Number(x) + Number(w)).toBeLessThanOrEqual(width);
          expect(Number(y) + Number(h)).toBeLessThanOrEqual(height);
        }
        expect(page.match(/<rect class="box/g)).toHaveLength(groups * brokers + 2 + 1);
      },
    ),
    { numRuns: 20 },
  );
});

test.each([
  [bytes(0), "0 B"],
  [bytes(1536), "1.5 KiB"],
  [bytes(295 * 1024 ** 3), "295 GiB"],
  [percent(0.849), "84 %"],
  [count(1234567), "1,234,567"],
  [rate(0), "0"],
  [rate(0.44), "0.4"],
  [rate(1234.5), "1,235"],
])("%s", (found, wanted) => expect(found).toBe(wanted));
