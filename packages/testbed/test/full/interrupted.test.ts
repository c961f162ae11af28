import { nothingChanged } from "../../src/stack";
import { type RollingBed, rollingBed } from "../support/rollingBed";
import { succeeded } from "../support/succeeded";

/**
 * An update that is cut off at its worst moment: the host ends or undoes its step by itself, no
 * broker stays closed for writes, and the next update does the rest.
 */
describe("an update that is interrupted", () => {
  const found = rollingBed("roll-cut", "10.233.1", "br-rmq-rb", ["5.5.0"]);
  let bed: RollingBed;
  let threads = 20;

  // What one test leaves locked is not the next one's.
  beforeEach(async () => {
    bed = found();
    await bed.stack.cancel();
  });

  /** Asks for a restart of every broker. */
  async function change(): Promise<void> {
    threads += 1;
    await bed.configure({ brokerConfig: { pullMessageThreadPoolNums: String(threads) } });
  }

  /** The update after it: everything runs as asked, nothing is closed, and nothing is left to do. */
  async function completed(): Promise<void> {
    await bed.stack.cancel();
    succeeded(await bed.stack.up());
    for (const slot of ["broker-a-0", "broker-a-1", "broker-b-0", "broker-b-1"] as const) {
      expect(await bed.key(slot, "pullMessageThreadPoolNums")).toEqual({
        file: String(threads),
        live: String(threads),
      });
    }
    expect(await bed.closed()).toEqual([]);
    succeeded(await bed.stack.up());
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
  }

  test("by the death of the engine: the host ends its step alone", async () => {
    await change();
    const before = await bed.states();
    await bed.cutOff();
    const after = await bed.states();
    // The step went on to its end, and was the last one.
    expect(after["broker-a-0"]?.started).not.toBe(before["broker-a-0"]?.started);
    expect(after["broker-b-0"]).toEqual(before["broker-b-0"]);
    await completed();
  });

  test("by a network that is down for half a minute", async () => {
    await change();
    const update = bed.stack.beginUp();
    await update.says("closing broker-a for writes");
    await bed.bed.hosts.cut("h1");
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    await bed.bed.hosts.heal("h1");
    await update.done;
    await bed.opened();
    await completed();
  });

  test("by the death of the step itself: what it left closed is opened", async () => {
    await change();
    const update = bed.stack.beginUp();
    await update.says("closing broker-a for writes");
    await bed.bed.hosts.check(
      "h1",
      "systemctl kill -s KILL rocketmq-agent-broker-rollout-broker-a-0-*",
    );
    expect((await update.done).text).toContain("the step was killed");
    await bed.opened();
    await completed();
  });

  test.each(["closing broker-a for writes", "broker-a-0: starting release"])(
    "by a power failure after '%s'",
    async (moment) => {
      await change();
      const update = bed.stack.beginUp();
      await update.says(moment);
      await bed.bed.hosts.kill("h1");
      await bed.bed.hosts.start("h1");
      expect((await update.done).code).not.toBe(0);
      await bed.opened();
      await completed();
    },
  );
});
