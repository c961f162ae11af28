import { nothingChanged } from "../src/stack";
import { restarted, runs, unnoticed, up, upgradeCase } from "./support/changeCases";
import { rollingBed } from "./support/rollingBed";

/** From one release to another, and back by an update that is cut off; `full` has the others. */
describe("RocketMQ 4.9.3 and 4.9.7", () => {
  const found = rollingBed("upgrade", "10.233.6", "br-rmq-rg", ["4.9.3", "4.9.7"]);

  upgradeCase(found, "4.9.7");

  test("the way back is cut off by the death of the engine; the next update does the rest", async () => {
    const bed = found();
    await bed.configure();
    unnoticed(
      await bed.underLoad(async () => {
        await bed.cutOff();
        await up(bed);
      }),
    );
    await runs(bed, "4.9.3");
    await up(bed);
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
  });

  test("a change that is taken back after it was cut off leaves nothing behind", async () => {
    const bed = found();
    await bed.configure({ brokerConfig: { pullMessageThreadPoolNums: "21" } });
    await bed.cutOff();
    const before = await bed.states();
    await bed.configure();
    // The host ended the restart of one broker alone: Pulumi has nothing to take back there, and says so.
    const refused = await bed.stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/broker-a-0 does not run as the program says/);
    expect(refused.text).toContain("Give reconcile a new value");
    await bed.configure({ reconcile: "after the cut" });
    await up(bed);
    expect(await restarted(bed, before)).toContain("broker-a-0");
    for (const slot of ["broker-a-0", "broker-a-1", "broker-b-0", "broker-b-1"] as const) {
      const key = await bed.key(slot, "pullMessageThreadPoolNums");
      expect(key.file).toBeUndefined();
      expect(key.live).not.toBe("21");
    }
    expect(await bed.closed()).toEqual([]);
    await up(bed);
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
  });
});
