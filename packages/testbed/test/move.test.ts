import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ConfigValue, flatten } from "../src/configValues";
import { SimulatedMachines } from "../src/simulated";
import { nothingChanged, projectCopy, Stack } from "../src/stack";
import { prepareToolchain } from "../src/toolchain";
import { succeeded } from "./support/succeeded";

/**
 * Nodes that move to other machines, asked of the engine itself: what is run where, and in which
 * order. What comes of it is looked at on real hosts.
 */
const COUNT = 6;

let machines: SimulatedMachines;
let stack: Stack;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-move-"));
  machines = await SimulatedMachines.up({ count: COUNT, stepMs: 20 });
  const project = projectCopy(path.join(folder, "project"));
  stack = new Stack(await prepareToolchain(), project, "move", path.join(folder, "backend"));
  await stack.select();
}, 45 * 60_000);

afterAll(async () => {
  await machines?.down();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** `m1` has the master and the first name server. */
function configuration(more: { [key: string]: ConfigValue }): { [key: string]: ConfigValue } {
  return {
    clusterName: "moves",
    nameServerMachines: ["m1", "m2"],
    groups: [{ key: "a", machines: ["m1", "m3"] }],
    exporter: { machine: "m1" },
    consul: { address: "127.0.0.1:8500", through: "agent" },
    machines: machines.servers.map(({ port }, i) => ({
      name: `m${i + 1}`,
      // Only written down: nobody connects to it.
      address: `10.9.0.${i + 1}`,
      connection: { host: "127.0.0.1", port },
    })),
    ...more,
  };
}

/** What an update ran, in the order in which it began: `m3 leave broker-a-1`. */
async function up(more: { [key: string]: ConfigValue }): Promise<{ text: string; ran: string[] }> {
  stack.clearConfiguration();
  await stack.configure(flatten(configuration(more)), {
    "connection.privateKey": machines.privateKey,
  });
  const preview = await stack.preview();
  expect(preview).toMatchObject({ code: 0 });
  machines.servers.forEach((server) => server.takeExecutions());
  succeeded(await stack.up());
  const ran = machines.servers
    .flatMap((server, i) =>
      server.takeExecutions().map(({ command, stdin, at }) => {
        const { node } = (stdin === "" ? {} : JSON.parse(stdin)) as { node?: string };
        const verb = command.split(" ").pop() ?? "";
        return { at, line: `m${i + 1} ${verb}${node === undefined ? "" : ` ${node}`}` };
      }),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line);
  return { text: preview.text, ran };
}

function inOrder(ran: string[], ...lines: string[]): void {
  expect(ran.filter((line) => lines.includes(line))).toEqual(lines);
}

test("an update that moves nothing connects for no place", async () => {
  const { ran } = await up({});
  expect(ran.filter((line) => line.includes("leave"))).toEqual([]);
  expect((await up({})).ran).toEqual([]);
  expect(nothingChanged(await stack.lastChanges())).toBe(true);
});

test("a slave stops on the old machine when the new one is ready, and starts there then", async () => {
  const { text, ran } = await up({ groups: [{ key: "a", machines: ["m1", "m4"] }] });
  expect(text).toContain("broker-a-1: moves from m3 to m4");
  inOrder(
    ran,
    "m4 host",
    "m3 leave broker-a-1",
    "m4 broker-config broker-a-1",
    "m4 broker-rollout broker-a-1",
    "m3 host-delete",
  );
  // The master is not asked, but for the steps of its own group that wait for nothing.
  expect(ran.filter((line) => line.startsWith("m1 "))).toEqual([]);
});

const MOVED = { groups: [{ key: "a", machines: ["m1", "m4"] }] };

test("a name server stops on the old machine when everybody knows the new one", async () => {
  const { text, ran } = await up({ ...MOVED, nameServerMachines: ["m1", "m5"] });
  expect(text).toContain("namesrv-1: moves from m2 to m5");
  for (const told of ["m1 broker-config broker-a-0", "m4 broker-config broker-a-1"]) {
    inOrder(ran, "m5 namesrv-config namesrv-1", told, "m2 leave namesrv-1", "m2 host-delete");
  }
  // No broker restarts for it, so no rollout is in the preview either.
  expect(ran.filter((line) => line.includes("broker-rollout"))).toEqual([]);
  expect(text).not.toMatch(/broker-\S+-rollout/);
});

test("an exporter starts on the new machine first, and takes its registration along", async () => {
  const { text, ran } = await up({
    ...MOVED,
    nameServerMachines: ["m1", "m5"],
    exporter: { machine: "m6" },
  });
  expect(text).toContain("exporter: moves from m1 to m6");
  inOrder(
    ran,
    "m6 host",
    "m6 exporter exporter",
    "m1 consul-delete exporter",
    "m6 consul exporter",
  );
  inOrder(ran, "m6 exporter exporter", "m1 leave exporter");
  // Only the exporter's own work; brokers and name servers stay what they are.
  expect(ran.filter((line) => / (broker|namesrv)-/.test(line))).toEqual([]);
});

test("the first name server goes, the other one stays what it is", async () => {
  const numbered = {
    ...MOVED,
    exporter: { machine: "m6" },
    nameServerMachines: ["m5"],
    nameServerNumbers: [1],
  };
  const { ran } = await up(numbered);
  inOrder(ran, "m1 broker-config broker-a-0", "m1 namesrv-delete namesrv-0");
  expect(ran.filter((line) => line.startsWith("m5 ") || line.includes("leave"))).toEqual([]);
  // A slave that goes is removed, once.
  const gone = await up({ ...numbered, groups: [{ key: "a", machines: ["m1"] }] });
  expect(gone.ran.filter((line) => line.startsWith("m4 "))).toEqual([
    "m4 broker-delete broker-a-1",
    "m4 host-delete",
  ]);
});
