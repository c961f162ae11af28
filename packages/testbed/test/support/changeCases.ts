import type { LoadResult } from "../../src/client";
import { nothingChanged } from "../../src/stack";
import type { BrokerState, RollingBed } from "./rollingBed";
import { succeeded } from "./succeeded";

/** The brokers. */
export const SLOTS = ["broker-a-0", "broker-a-1", "broker-b-0", "broker-b-1"];

/** Not one message lost, and not one send failed. */
export function unnoticed(result: LoadResult): void {
  process.stderr.write(`load: ${JSON.stringify(result)}\n`);
  const { lost, failed, sent, errors } = result;
  expect({ lost, failed, errors }).toEqual({ lost: 0, failed: 0, errors: {} });
  expect(sent).toBeGreaterThan(100);
}

/** Runs an update that must work; its text. */
export async function up(bed: RollingBed): Promise<string> {
  const from = Date.now();
  const run = await bed.stack.up();
  process.stderr.write(`up: ${((Date.now() - from) / 1000).toFixed(1)} s, exit ${run.code}\n`);
  succeeded(run);
  await bed.lookUp();
  return run.text;
}

/** Which brokers were started anew since. */
export async function restarted(bed: RollingBed, before: Record<string, BrokerState>) {
  const now = await bed.states();
  return SLOTS.filter((slot) => now[slot]?.started !== before[slot]?.started);
}

/** Every broker runs that version, and is open. */
export async function runs(bed: RollingBed, version: string): Promise<void> {
  const states = await bed.states();
  expect(SLOTS.map((slot) => states[slot]?.version)).toEqual(SLOTS.map(() => version));
  expect(await bed.closed()).toEqual([]);
}

export function upgradeCase(found: () => RollingBed, recent: string): void {
  test("a new version is a rolling restart that nobody notices", async () => {
    const bed = found();
    await bed.configure({ version: recent });
    unnoticed(await bed.underLoad(() => up(bed)));
    await runs(bed, recent);
  });
}

/**
 * One test of each kind of change, with a producer and a consumer at work: what each costs is
 * exactly what it must, and nobody who uses the cluster notices.
 */
export function changeCases(found: () => RollingBed): void {
  test("no change runs nothing", async () => {
    await up(found());
    expect(nothingChanged(await found().stack.lastChanges())).toBe(true);
  });

  test("a change that would lose data is refused in the preview", async () => {
    const bed = found();
    await bed.configure({ clusterName: "other" });
    const preview = await bed.stack.preview();
    expect(preview.code).not.toBe(0);
    // Whichever node comes first.
    expect(preview.text).toContain("cluster roll -> other, refused: a node belongs to one cluster");
  });

  test("a hot key is in force and in the file, and no process restarts", async () => {
    const bed = found();
    const before = await bed.states();
    await bed.configure({ brokerConfig: { fileReservedTime: "49" } });
    const preview = await bed.stack.preview();
    expect(preview.text).toContain("broker-a-0: fileReservedTime 168 -> 49, applied online");
    expect(preview.text).not.toContain("restart");
    unnoticed(await bed.underLoad(() => up(bed)));
    for (const slot of ["broker-a-0", "broker-b-1"] as const) {
      expect(await bed.key(slot, "fileReservedTime")).toEqual({ file: "49", live: "49" });
    }
    expect(await restarted(bed, before)).toEqual([]);
  });

  test("another key is a rolling restart that nobody notices", async () => {
    const bed = found();
    const before = await bed.states();
    await bed.configure({ brokerConfig: { pullMessageThreadPoolNums: "18" } });
    const preview = await bed.stack.preview();
    expect(preview.text).toContain(
      "broker-a-0: pullMessageThreadPoolNums (unset) -> 18, rolling restart",
    );
    expect(preview.text).toContain("broker-a-0: restarts, 8 s after it was closed for writes");
    expect(await restarted(bed, before)).toEqual([]);
    unnoticed(await bed.underLoad(() => up(bed)));
    expect(await restarted(bed, before)).toEqual(SLOTS);
    expect(await bed.key("broker-b-0", "pullMessageThreadPoolNums")).toEqual({
      file: "18",
      live: "18",
    });
    // Taken out above: back at what the library has for it.
    expect(await bed.key("broker-b-0", "fileReservedTime")).toEqual({ file: "168", live: "168" });
    expect(await bed.closed()).toEqual([]);
  });

  test("a change that does not come up is undone and stops the roll", async () => {
    const bed = found();
    const before = await bed.states();
    const keys = { brokerConfig: { pullMessageThreadPoolNums: "18" } };
    await bed.configure({ ...keys, brokerJvmOptions: ["-XX:+NoSuchOption"] });
    unnoticed(
      await bed.underLoad(async () => {
        const run = await bed.stack.up();
        expect(run.code).not.toBe(0);
        expect(run.text).toContain("Unrecognized VM option 'NoSuchOption'");
        expect(run.text).toContain("the last good release was put back and runs");
      }),
    );
    const after = await bed.states();
    // The first in rolling order; the others were not touched, on disk neither.
    expect(await restarted(bed, before)).toEqual(["broker-a-1"]);
    for (const slot of SLOTS) {
      expect(after[slot]?.current).toBe(before[slot]?.current);
    }
    expect(await bed.closed()).toEqual([]);

    // Back to what was: only what was staged is to be taken back.
    await bed.configure(keys);
    unnoticed(
      await bed.underLoad(async () => {
        expect(await up(bed)).not.toContain("restarts");
      }),
    );
    expect(await restarted(bed, after)).toEqual([]);
  });
}
