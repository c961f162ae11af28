import { performance } from "node:perf_hooks";
import { Bed } from "../../bed";
import { type Client, prepareClient } from "../../client";
import { HostSet } from "../../hosts";
import { restarted, startTimes } from "../../processes";
import { step } from "../../progress";
import type { Run, Stack } from "../../stack";
import { onInterrupt } from "../interrupt";
import { CHANGES, configuration, PLAN } from "./plan";
import type { ChangeFigures } from "./report";

/** Deploys the cluster and changes it while messages flow. */
export async function measure(rate: number): Promise<ChangeFigures[]> {
  const client = await prepareClient();
  let bed: Bed | undefined;
  const forget = onInterrupt(() => (bed ? bed.down() : HostSet.remove(PLAN)));
  try {
    const made = await step("two new hosts", () =>
      Bed.up({ ...PLAN, versions: [...PLAN.versions] }),
    );
    bed = made;
    const stack = await made.stack("bench", configuration(made.hosts.hosts, made.mirrorUrl));
    await step("two groups with a slave each", async () => succeeded(await stack.up()));
    const figures: ChangeFigures[] = [];
    for (const { change, sets } of CHANGES) {
      await made.configure(stack, sets);
      figures.push(
        await step(change, async () => ({
          change,
          ...(await underLoad(made, client, stack, rate)),
        })),
      );
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
): Promise<Omit<ChangeFigures, "change">> {
  const before = await startTimes(bed.hosts);
  const load = await client.startLoad({
    namesrv: bed.hosts.hosts.map(({ address }) => `${address}:9876`).join(";"),
    topic: PLAN.topic,
    rate,
  });
  const from = performance.now();
  const run = await stack.up();
  const seconds = (performance.now() - from) / 1000;
  const result = await load.stop();
  succeeded(run);
  const restarts = restarted(before, await startTimes(bed.hosts)).length;
  return { seconds, restarts, load: result };
}

function succeeded(run: Run): void {
  if (run.code !== 0) {
    throw new Error(`pulumi up failed:\n${run.text}`);
  }
}
