import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Bed } from "../../bed";
import { type Client, type LoadResult, prepareClient } from "../../client";
import { HostSet } from "../../hosts";
import { restarted, startTimes } from "../../processes";
import { step } from "../../progress";
import type { Run, Stack } from "../../stack";
import { onInterrupt } from "../interrupt";
import { connectionsDuring, FirstMessage } from "./growth";
import { ALL, type Change, configuration, OLD, PLAN } from "./plan";
import type { ChangeFigures } from "./report";

/** What is waited after a change that clients notice with their next look at the route. */
const SETTLED_MS = 5000;

/** Deploys the cluster and changes it while messages flow; `seen` gets what was measured so far. */
export async function measure(
  rate: number,
  changes: readonly Change[],
  seen: (figures: readonly ChangeFigures[]) => void,
): Promise<ChangeFigures[]> {
  const client = await prepareClient();
  let bed: Bed | undefined;
  const forget = onInterrupt(() => (bed ? bed.down() : HostSet.remove(PLAN)));
  const hosts = changes.some(({ joins }) => joins) ? ALL : OLD;
  try {
    const made = await step(`${hosts} new hosts`, () =>
      Bed.up({ ...PLAN, hosts, versions: [...PLAN.versions] }),
    );
    bed = made;
    const stack = await made.stack("bench", configuration(made.hosts.hosts, made.mirrorUrl));
    await step("two groups with a slave each", async () => succeeded(await stack.up()));
    const figures: ChangeFigures[] = [];
    for (const each of changes) {
      for (const key of each.unsets ?? []) {
        succeeded(await stack.run(["config", "rm", "--path", key]));
      }
      await made.configure(stack, each.sets(made.hosts.hosts));
      figures.push(
        await step(each.change, async () => ({
          change: each.change,
          ...(await underLoad(made, client, stack, rate, each)),
        })),
      );
      seen(figures);
    }
    return figures;
  } finally {
    await bed?.down();
    forget();
  }
}

async function underLoad(
  bed: Bed,
  client: Client,
  stack: Stack,
  rate: number,
  { joins }: Change,
): Promise<Omit<ChangeFigures, "change">> {
  const old = bed.hosts.hosts.slice(0, OLD);
  const before = await startTimes(bed.hosts);
  const load = await client.startLoad({
    namesrv: old.map(({ address }) => `${address}:9876`).join(";"),
    topic: PLAN.topic,
    // The same for all: a group that is left behind would hold up the scale-in.
    group: "bench",
    rate,
  });
  let seconds = 0;
  let more: Pick<ChangeFigures, "firstMessage" | "oldConnections"> = {};
  const change = async () => {
    const from = performance.now();
    const run = await stack.up();
    seconds = (performance.now() - from) / 1000;
    succeeded(run);
  };
  let result: LoadResult;
  try {
    if (joins) {
      const master = bed.hosts.hosts[joins.master]?.address ?? "";
      const first = new FirstMessage(`${master}:10911`, PLAN.topic);
      try {
        const names = old.map(({ name }) => name);
        const oldConnections = await connectionsDuring(bed, names, change);
        more = { oldConnections, firstMessage: await first.seconds() };
        await sleep(SETTLED_MS);
      } finally {
        first.end();
      }
    } else {
      await change();
    }
  } finally {
    result = await load.stop();
  }
  const after = await startTimes(bed.hosts);
  // What was taken out is not there any more.
  const restarts = restarted(before, after).filter((unit) => unit in after).length;
  return { seconds, restarts, ...more, load: result };
}

function succeeded(run: Run): void {
  if (run.code !== 0) {
    throw new Error(`pulumi failed:\n${run.text}`);
  }
}
