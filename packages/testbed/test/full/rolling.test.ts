import { nothingChanged } from "../../src/stack";
import { changeCases, restarted, SLOTS, unnoticed, up } from "../support/changeCases";
import { RollingBed } from "../support/rollingBed";

/**
 * Changes of a running cluster with a producer and a consumer at work, on every line of versions
 * and from one to the other and back: nobody who uses the cluster notices.
 */
describe.each([
  { old: "5.3.3", recent: "5.5.0", changes: true },
  { old: "4.9.3", recent: "4.9.7", changes: true },
  { old: "4.9.7", recent: "5.5.0", changes: false },
])("RocketMQ $old and $recent", ({ old, recent, changes }) => {
  let bed: RollingBed;
  let deployed = false;

  beforeAll(async () => {
    bed = await RollingBed.up("roll", "10.233.0", "br-rmq-ra", [old, recent]);
    await bed.deploy();
    deployed = true;
  }, 45 * 60_000);

  afterAll(() => bed?.bed.down(), 120_000);

  beforeEach(() => {
    if (!deployed) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  if (changes) {
    changeCases(() => bed);
  }

  test("a new version is a rolling restart that nobody notices", async () => {
    await bed.configure({ version: recent });
    unnoticed(await bed.underLoad(() => up(bed)));
    const states = await bed.states();
    expect(SLOTS.map((slot) => states[slot]?.version)).toEqual(SLOTS.map(() => recent));
    expect(await bed.closed()).toEqual([]);
  });

  test("and so is the way back", async () => {
    await bed.configure({ version: old });
    unnoticed(await bed.underLoad(() => up(bed)));
    const states = await bed.states();
    expect(SLOTS.map((slot) => states[slot]?.version)).toEqual(SLOTS.map(() => old));
    expect(await bed.closed()).toEqual([]);
    await up(bed);
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
  });

  if (changes) {
    test("a slave that its master waits for restarts without a failed send", async () => {
      await bed.configure({ brokerRole: "SYNC_MASTER" });
      unnoticed(await bed.underLoad(() => up(bed)));
      const before = await bed.states();
      await bed.configure({
        brokerRole: "SYNC_MASTER",
        brokerConfig: { pullMessageThreadPoolNums: "19" },
      });
      let text = "";
      unnoticed(
        await bed.underLoad(async () => {
          text = await up(bed);
        }),
      );
      expect(text).toContain("broker-a-1: closing broker-a for writes");
      expect(await restarted(bed, before)).toEqual(SLOTS);
      expect(await bed.closed()).toEqual([]);
    });
  }
});
