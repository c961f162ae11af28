import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { flatten } from "../src/configValues";
import { SimulatedMachines } from "../src/simulated";
import { nothingChanged, projectCopy, type Run, Stack } from "../src/stack";
import { prepareToolchain } from "../src/toolchain";
import { succeeded } from "./support/succeeded";

/**
 * What stands between a cluster and its end, asked of the engine itself. Nothing here depends on
 * what the machines are, only on who connects to them; that a cluster goes on working, and what is
 * left of one, is looked at on real hosts.
 */
const GUARD = "rocketmq-destroy-guard-set-allowDestroy-and-run-pulumi-up-first";

let machines: SimulatedMachines;
let stack: Stack;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-destroy-"));
  machines = await SimulatedMachines.up({ count: 2, stepMs: 20 });
  const project = projectCopy(path.join(folder, "project"));
  stack = new Stack(await prepareToolchain(), project, "destroy", path.join(folder, "backend"));
  await stack.select();
  const config = {
    clusterName: "guarded",
    machines: machines.servers.map(({ port }, i) => ({
      name: `m${i + 1}`,
      // Only written down: nobody connects to it.
      address: `10.9.0.${i + 1}`,
      connection: { host: "127.0.0.1", port },
    })),
  };
  await stack.configure(flatten(config), { "connection.privateKey": machines.privateKey });
  succeeded(await stack.up());
}, 45 * 60_000);

afterAll(async () => {
  await machines?.down();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A run, and which verbs of the agent it ran, on each machine and on whichever. */
async function watched(
  work: () => Promise<Run>,
): Promise<Run & { verbs: string[]; byMachine: string[][] }> {
  const executed = () =>
    machines.servers.map((server) =>
      server.takeExecutions().map(({ command }) => command.split(" ").pop() ?? ""),
    );
  executed();
  const run = await work();
  const byMachine = executed();
  return { ...run, byMachine, verbs: byMachine.flat() };
}

/** Has the project run another program meanwhile. */
async function withProgram<T>(text: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(stack.folder, "Pulumi.yaml");
  const before = fs.readFileSync(file, "utf8");
  fs.writeFileSync(path.join(stack.folder, "other.js"), text);
  fs.writeFileSync(file, before.replace(/^main: .*$/m, "main: other.js"));
  try {
    return await work();
  } finally {
    fs.writeFileSync(file, before);
  }
}

const refused = { verbs: [], text: expect.stringContaining(`${GUARD}" cannot be deleted`) };

test.each<[string, string[]]>([
  ["as it is", ["--yes", "--skip-preview"]],
  ["in its preview", ["--preview-only"]],
  ["with all errors passed over", ["--yes", "--skip-preview", "--continue-on-error"]],
  ["with the program run", ["--yes", "--skip-preview", "--run-program"]],
  [
    "for one node and what depends on it",
    [
      "--yes",
      "--skip-preview",
      "--target",
      "**::rocketmq-broker-a-1-config",
      "--target-dependents",
    ],
  ],
])("a destroy is refused before it touches anything: %s", async (_, args) => {
  const run = await watched(() => stack.run(["destroy", ...args]));
  expect(run).toMatchObject(refused);
  expect(run.code).not.toBe(0);
});

test("one node cannot be destroyed behind the cluster's back", async () => {
  const target = ["--target", "**::rocketmq-broker-a-1-config"];
  const run = await watched(() => stack.destroy(...target));
  expect(run.verbs).toEqual([]);
  expect(run.code).not.toBe(0);
});

test("a program that has no such cluster any more is refused in the preview", async () => {
  await withProgram("", async () => {
    for (const run of [await stack.preview(), await watched(() => stack.up())]) {
      expect(run).toMatchObject({ text: refused.text });
      expect(run.code).not.toBe(0);
    }
  });
});

test("a destroy of what is not protected leaves the cluster alone", async () => {
  const run = await watched(() => stack.destroy("--exclude-protected"));
  expect(run).toMatchObject({ code: 0, verbs: [] });
});

test("after all that nothing is left to do", async () => {
  const run = await watched(() => stack.up());
  expect(run).toMatchObject({ code: 0, verbs: [] });
  expect(nothingChanged(await stack.lastChanges())).toBe(true);
});

test("a node that the program does without goes, the guard stays", async () => {
  await stack.configure({ "exporter.enabled": "false" });
  const run = await watched(() => stack.up());
  expect(run.code).toBe(0);
  expect(run.verbs).toContain("exporter-delete");
  expect(await stack.destroy()).toMatchObject({ text: refused.text });
});

test("a replaced step does not replace the guard, nor does that hold it back", async () => {
  const run = await watched(() => stack.up({ args: ["--replace", "**::rocketmq-host-m1-agent"] }));
  expect(run.code).toBe(0);
  expect(await stack.lastChanges()).toMatchObject({ replace: 1 });
  expect(await stack.destroy()).toMatchObject({ text: refused.text });
});

test("purge is told node by node; known to the removals, it restarts nothing", async () => {
  await stack.configure({ purge: "true" });
  const preview = await stack.preview();
  expect(preview.text).toContain(
    "broker-a-0: purge: its messages and logs go with it when it is removed",
  );
  const run = await watched(() => stack.up());
  expect(run.code).toBe(0);
  expect(run.verbs.sort()).toEqual([
    "broker-config",
    "broker-config",
    "namesrv-config",
    "namesrv-config",
  ]);
});

test("allowing it connects to no machine", async () => {
  await stack.configure({ allowDestroy: "true" });
  expect((await stack.preview()).text).toContain("~protect");
  expect(await watched(() => stack.up())).toMatchObject({ code: 0, verbs: [] });
});

test("a machine that is gone is given up without a connection to any", async () => {
  await machines.servers[1]?.stop();
  await stack.configure({ "lost[0]": "m2" });
  expect(await watched(() => stack.up())).toMatchObject({ code: 0, verbs: [] });
});

test("then all of it goes, the broker before the name server, the machine last", async () => {
  const run = await watched(() => stack.destroy());
  expect(run.code).toBe(0);
  expect(run.byMachine).toEqual([["broker-purge", "namesrv-purge", "host-delete"], []]);
  expect(run.text).not.toContain("Dial");
});
