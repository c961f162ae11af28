import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { flatten } from "../../configValues";
import { step } from "../../progress";
import { type SimulationOptions, SimulatedMachines } from "../../simulated";
import { nothingChanged, projectCopy, type Run, Stack } from "../../stack";
import { prepareToolchain, type Toolchain } from "../../toolchain";
import { configuration } from "./configuration";
import { type Needs, watchProcesses } from "./processes";

/** One run of Pulumi. */
export interface Timing extends Needs {
  seconds: number;
  /** SSH logins of all machines meanwhile. */
  logins: number;
}

/** What a cluster of a size costs. */
export interface SizeFigures {
  machines: number;
  resources: number;
  preview: Timing;
  deploy: Timing;
  noChange: Timing;
  noChangePreview: Timing;
  /** A preview of a key of every broker, changed. */
  changePreview: Timing;
  destroy: Timing;
}

/** What the bastion of a deployment sees. */
export interface BastionFigures {
  machines: number;
  parallel: number;
  deploy: Timing & Seen;
  /** With `DESTROY_PARALLEL` steps at a time, as no program has removals take turns. */
  destroy: Timing & Seen;
}

/** Connections to a bastion, those that it dropped, and the most not logged in at a time. */
interface Seen {
  connections: number;
  dropped: number;
  most: number;
}

/** What the documentation says to destroy with behind a bastion. */
export const DESTROY_PARALLEL = 8;

/** A real step is seconds; here the engine is measured, not the machines. */
const STEP_MS = 50;

export async function measureSizes(sizes: readonly number[]): Promise<SizeFigures[]> {
  const toolchain = await prepareToolchain();
  const figures: SizeFigures[] = [];
  for (const count of sizes) {
    figures.push(
      await onMachines({ count, stepMs: STEP_MS }, async (machines, folder) => {
        const stack = await newStack(toolchain, folder, machines, false);
        const time = (title: string, run: () => Promise<Run>) =>
          step(`${count} machines: ${title}`, () => timed(machines, run));
        const preview = await time("preview", () => stack.preview());
        const deploy = await time("deploy", () => stack.up());
        const noChange = await time("no change", () => stack.up());
        if (!nothingChanged(await stack.lastChanges())) {
          throw new Error("a run with nothing to do changed something");
        }
        const resources = (await stack.lastChanges()).same ?? 0;
        const noChangePreview = await time("preview of no change", () => stack.preview());
        await stack.configure({ "brokerConfig.fileReservedTime": "72" });
        const changePreview = await time("preview of a change", () => stack.preview());
        await stack.configure({ allowDestroy: "true" });
        const destroy = await time("destroy", () => stack.destroy());
        return {
          machines: count,
          resources,
          preview,
          deploy,
          noChange,
          noChangePreview,
          changePreview,
          destroy,
        };
      }),
    );
  }
  return figures;
}

/** A deployment and a destroy through one bastion that drops connections as sshd does by default. */
export async function measureBastion(count: number, parallel: number): Promise<BastionFigures> {
  const toolchain = await prepareToolchain();
  return onMachines({ count, stepMs: STEP_MS }, async (machines, folder) => {
    const stack = await newStack(toolchain, folder, machines, true);
    const time = (title: string, run: () => Promise<Run>) =>
      step(`${count} machines behind a bastion: ${title}`, async () => {
        machines.startups.reset();
        const timing = await timed(machines, run);
        const { all: connections, dropped, most } = machines.startups;
        return { ...timing, connections, dropped, most };
      });
    const deploy = await time("deploy", () => stack.up({ args: ["--parallel", String(parallel)] }));
    await stack.configure({ allowDestroy: "true" });
    const allowed = await stack.up();
    if (allowed.code !== 0) {
      throw new Error(allowed.text);
    }
    const destroy = await time("destroy", () =>
      stack.destroy("--parallel", String(DESTROY_PARALLEL)),
    );
    return { machines: count, parallel, deploy, destroy };
  });
}

async function onMachines<T>(
  options: SimulationOptions,
  work: (machines: SimulatedMachines, folder: string) => Promise<T>,
): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-scale-"));
  const machines = await SimulatedMachines.up(options);
  try {
    return await work(machines, folder);
  } finally {
    await machines.down();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function newStack(
  toolchain: Toolchain,
  folder: string,
  machines: SimulatedMachines,
  behindBastion: boolean,
): Promise<Stack> {
  const project = projectCopy(path.join(folder, "project"));
  const stack = new Stack(toolchain, project, "scale", path.join(folder, "backend"));
  await stack.select();
  const { address, port } = machines.bastion;
  const config = configuration(
    { address, ports: machines.ports },
    behindBastion ? { host: address, port } : undefined,
  );
  await stack.configure(flatten(config), { "connection.privateKey": machines.privateKey });
  return stack;
}

async function timed(machines: SimulatedMachines, work: () => Promise<Run>): Promise<Timing> {
  const from = performance.now();
  const before = machines.logins;
  const [run, needs] = await watchProcesses(work);
  if (run.code !== 0) {
    throw new Error(run.text);
  }
  return {
    seconds: (performance.now() - from) / 1000,
    ...needs,
    logins: machines.logins - before,
  };
}
