import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { Bed } from "../bed";
import { HostSet } from "../hosts";
import { step } from "../progress";
import { nothingChanged, type Run, type Stack } from "../stack";
import { prepareConsul } from "../toolchain";
import { emptyProgram } from "./emptyProgram";
import { floor } from "./floor";
import { onInterrupt } from "./interrupt";
import { allRegistered } from "./readiness";
import type { Figures } from "./report";
import { addressesOf, configuration, PLAN } from "./topology";

/** Far beyond any good run: what then is not ready never will be. */
const PATIENCE_MS = 10 * 60_000;
/** Runs of which the median counts. */
const REPEATS = 3;

/** Everything, on hosts that are made anew for each thing that starts from nothing. */
export async function measure(rounds: number, eventLog?: string): Promise<Figures> {
  const figures: Figures = {
    floor: [],
    fresh: [],
    freshEnd: [],
    noChange: [],
    empty: [],
    engine: [],
    connections: 0,
  };
  await prepareConsul();
  for (let round = 0; round < rounds; round++) {
    // The floor comes second, so that what the first one reads from the disk is to its favour.
    await onHosts(async (bed) => {
      const stack = await bed.stack(
        "bench",
        configuration(bed.hosts.hosts, bed.mirrorUrl, bed.consul?.address ?? ""),
      );
      await deploy(bed, stack, figures, eventLog);
      if (round === 0) {
        await repeat(bed, stack, figures);
      }
    });
    await onHosts((bed) => scripts(bed, figures));
  }
  return figures;
}

const HOSTS = { name: "bench", net: PLAN.net, bridge: PLAN.bridge };

async function onHosts(work: (bed: Bed) => Promise<void>): Promise<void> {
  let bed: Bed | undefined;
  const removed = onInterrupt(() => (bed ? bed.down() : HostSet.remove(HOSTS)));
  try {
    bed = await step("five new hosts", () =>
      Bed.up({
        ...HOSTS,
        hosts: Object.keys(PLAN.roles).length,
        versions: [PLAN.version],
        consul: true,
      }),
    );
    await work(bed);
  } finally {
    await bed?.down();
    removed();
  }
}

async function deploy(
  bed: Bed,
  stack: Stack,
  figures: Figures,
  eventLog: string | undefined,
): Promise<void> {
  const args = eventLog === undefined ? [] : ["--event-log", path.resolve(eventLog)];
  // The flag is among those for debugging.
  stack.env["PULUMI_DEBUG_COMMANDS"] = "true";
  await step("fresh deploy", async () => {
    const up = timed(async () => succeeded(await stack.up({ args })));
    figures.fresh.push(await untilRegistered(bed, up));
    figures.freshEnd.push(await up);
  });
}

async function scripts(bed: Bed, figures: Figures): Promise<void> {
  await step("bare floor", async () => {
    const done = timed(() => floor(bed.hosts, bed.mirrorUrl));
    figures.floor.push(await untilRegistered(bed, done));
    await done;
  });
}

/** Runs with nothing to do and of the empty programs, in turns, so that other load meets both. */
async function repeat(bed: Bed, stack: Stack, figures: Figures): Promise<void> {
  const program = (name: "empty" | "nothing") =>
    emptyProgram(name, bed.toolchain, bed.folder, path.join(bed.folder, "backend"));
  const empty = await program("empty");
  const nothing = await program("nothing");
  // The first update of a stack makes the stack itself.
  succeeded(await empty.up());
  succeeded(await nothing.up());
  const before = await connections(bed);
  await step("no change, and empty programs", async () => {
    for (let i = 0; i < REPEATS; i++) {
      figures.noChange.push(await timed(async () => succeeded(await stack.up())));
      if (!nothingChanged(await stack.lastChanges())) {
        throw new Error("a run with nothing to do changed something");
      }
      figures.empty.push(await timed(async () => succeeded(await empty.up())));
      figures.engine.push(await timed(async () => succeeded(await nothing.up())));
    }
  });
  // Each count is read over a connection of its own.
  figures.connections = (await connections(bed)) - before - bed.hosts.hosts.length;
}

async function connections(bed: Bed): Promise<number> {
  const counts = await Promise.all(bed.hosts.hosts.map(({ name }) => bed.connections(name)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Seconds until every broker is registered, unless what brings them up fails before. */
async function untilRegistered(bed: Bed, bringsUp: Promise<unknown>): Promise<number> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  const failed = bringsUp.then(() => new Promise<never>(() => undefined));
  const brokers = addressesOf(bed.hosts.hosts, "broker").map((host) => `${host}:10911`);
  try {
    return await timed(() =>
      Promise.race([
        allRegistered(addressesOf(bed.hosts.hosts, "namesrv"), brokers, giveUp.signal),
        failed,
      ]),
    );
  } finally {
    clearTimeout(timer);
    giveUp.abort();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

function succeeded(run: Run): void {
  if (run.code !== 0) {
    throw new Error(`pulumi up failed:\n${run.text}`);
  }
}
