import type { LoadResult } from "../../src/client";
import { nothingChanged } from "../../src/stack";
import { RollingBed } from "../support/rollingBed";

/**
 * Changes of a running cluster with a producer and a consumer at work: what each costs is exactly
 * what it must, and nobody who uses the cluster notices.
 */
const SLOTS = ["broker-a-0", "broker-a-1", "broker-b-0", "broker-b-1"];

/** Not one message lost, and not one send failed. */
function unnoticed(result: LoadResult): void {
  process.stderr.write(`load: ${JSON.stringify(result)}\n`);
  const { lost, failed, sent, errors } = result;
  expect({ lost, failed, errors }).toEqual({ lost: 0, failed: 0, errors: {} });
  expect(sent).toBeGreaterThan(100);
}

describe.each([{ versions: ["5.3.3", "5.5.0"] }, { versions: ["4.9.3", "4.9.7"] }])(
  "RocketMQ $versions",
  ({ versions }) => {
    const [old = "", recent = ""] = versions;
    let bed: RollingBed;
    let deployed = false;

    beforeAll(async () => {
      bed = await RollingBed.up("roll", "10.233.0", "br-rmq-ra", versions);
      await bed.deploy();
      deployed = true;
    }, 45 * 60_000);

    afterAll(() => bed?.bed.down(), 120_000);

    beforeEach(() => {
      if (!deployed) {
        throw new Error("there is no cluster: its deployment failed");
      }
    });

    /** Runs an update that must work; its text. */
    async function up(): Promise<string> {
      const from = Date.now();
      const run = await bed.stack.up();
      process.stderr.write(`up: ${((Date.now() - from) / 1000).toFixed(1)} s, exit ${run.code}\n`);
      expect(run).toMatchObject({ code: 0 });
      return run.text;
    }

    /** Which brokers were started anew since. */
    async function restarted(before: Awaited<ReturnType<RollingBed["states"]>>): Promise<string[]> {
      const now = await bed.states();
      return SLOTS.filter((slot) => now[slot]?.started !== before[slot]?.started);
    }

    test("no change runs nothing", async () => {
      await up();
      expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
    });

    test("a hot key is in force and in the file, and no process restarts", async () => {
      const before = await bed.states();
      await bed.configure({ brokerConfig: { fileReservedTime: "49" } });
      const preview = await bed.stack.preview();
      expect(preview.text).toContain("broker-a-0: fileReservedTime 168 -> 49, applied online");
      expect(preview.text).not.toContain("restart");
      unnoticed(await bed.underLoad(() => up().then(() => undefined)));
      for (const slot of ["broker-a-0", "broker-b-1"] as const) {
        expect(await bed.key(slot, "fileReservedTime")).toEqual({ file: "49", live: "49" });
      }
      expect(await restarted(before)).toEqual([]);
    });

    test("another key is a rolling restart that nobody notices", async () => {
      const before = await bed.states();
      await bed.configure({ brokerConfig: { pullMessageThreadPoolNums: "18" } });
      const preview = await bed.stack.preview();
      expect(preview.text).toContain(
        "broker-a-0: pullMessageThreadPoolNums (unset) -> 18, rolling restart",
      );
      expect(preview.text).toContain("broker-a-0: restarts, 8 s after it was closed for writes");
      expect(await restarted(before)).toEqual([]);
      unnoticed(await bed.underLoad(() => up().then(() => undefined)));
      expect(await restarted(before)).toEqual(SLOTS);
      expect(await bed.key("broker-b-0", "pullMessageThreadPoolNums")).toEqual({
        file: "18",
        live: "18",
      });
      // Taken out above: back at what the library has for it.
      expect(await bed.key("broker-b-0", "fileReservedTime")).toEqual({ file: "168", live: "168" });
      expect(await bed.closed()).toEqual([]);
    });

    test("a change that does not come up is undone and stops the roll", async () => {
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
      expect(await restarted(before)).toEqual(["broker-a-1"]);
      for (const slot of SLOTS) {
        expect(after[slot]?.current).toBe(before[slot]?.current);
      }
      expect(await bed.closed()).toEqual([]);

      // Back to what was: only what was staged is to be taken back.
      await bed.configure(keys);
      const run = await bed.stack.up();
      expect(run).toMatchObject({ code: 0 });
      expect(run.text).not.toContain("restarts");
      expect(await restarted(after)).toEqual([]);
    });

    test("a new version is a rolling restart that nobody notices", async () => {
      await bed.configure({ version: recent });
      unnoticed(await bed.underLoad(() => up().then(() => undefined)));
      const states = await bed.states();
      expect(SLOTS.map((slot) => states[slot]?.version)).toEqual(SLOTS.map(() => recent));
      expect(await bed.closed()).toEqual([]);
    });

    test("and so is the way back", async () => {
      await bed.configure({ version: old });
      unnoticed(await bed.underLoad(() => up().then(() => undefined)));
      const states = await bed.states();
      expect(SLOTS.map((slot) => states[slot]?.version)).toEqual(SLOTS.map(() => old));
      await up();
      expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
    });

    test("a slave that its master waits for restarts without a failed send", async () => {
      await bed.configure({ brokerRole: "SYNC_MASTER" });
      unnoticed(await bed.underLoad(() => up().then(() => undefined)));
      const before = await bed.states();
      await bed.configure({
        brokerRole: "SYNC_MASTER",
        brokerConfig: { pullMessageThreadPoolNums: "19" },
      });
      let text = "";
      unnoticed(
        await bed.underLoad(async () => {
          text = await up();
        }),
      );
      expect(text).toContain("broker-a-1: closing broker-a for writes");
      expect(await restarted(before)).toEqual(SLOTS);
      expect(await bed.closed()).toEqual([]);
    });
  },
);
