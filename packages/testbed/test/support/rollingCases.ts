import { nothingChanged } from "../../src/stack";
import { changeCases, restarted, runs, SLOTS, unnoticed, up, upgradeCase } from "./changeCases";
import { rollingBed } from "./rollingBed";

/** Two releases, of which a cluster goes from one to the other and back. */
interface Upgrade {
  /** Of the hosts and the stack. */
  name: string;
  net: string;
  bridge: string;
  old: string;
  recent: string;
  /** Whether changes that have nothing to do with the release are tested, too. */
  changes: boolean;
}

/**
 * Changes of a running cluster with a producer and a consumer at work: nobody who uses the cluster
 * notices. Each pair of releases is a file of its own, so that they run side by side.
 */
export function rollingCases({ name, net, bridge, old, recent, changes }: Upgrade): void {
  const found = rollingBed(name, net, bridge, [old, recent]);

  if (changes) {
    changeCases(found);
  }

  test("the only name server restarts, and nobody notices", async () => {
    const bed = found();
    // The cases before have left keys of brokers, whose end is a restart of its own.
    await bed.configure();
    await up(bed);
    const before = await bed.states();
    unnoticed(
      await bed.underLoad(async () => {
        // Brokers' timers decide which of them tells it first: once would prove little.
        for (const serverWorkerThreads of ["9", "10"]) {
          await bed.configure({ namesrvConfig: { serverWorkerThreads } });
          expect(await up(bed)).toContain("namesrv-0: restarts");
        }
      }),
    );
    expect(await restarted(bed, before)).toEqual([]);
  });

  upgradeCase(found, recent);

  test("and so is the way back", async () => {
    const bed = found();
    await bed.configure({ version: old });
    unnoticed(await bed.underLoad(() => up(bed)));
    await runs(bed, old);
    await up(bed);
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
  });

  if (changes) {
    test("brokers move to other ports, and nobody notices", async () => {
      const bed = found();
      await bed.configure();
      await up(bed);
      const before = await bed.states();
      await bed.configure({ ports: { broker: 12911 } });
      unnoticed(await bed.underLoad(() => up(bed)));
      expect(await restarted(bed, before)).toEqual(SLOTS);
      expect(await bed.key("broker-a-0", "listenPort")).toEqual({ file: "12911", live: "12911" });
      expect(await bed.closed()).toEqual([]);
    });

    test("who sends in order, and so to no other queue, does not notice a restart", async () => {
      const bed = found();
      const four = { writeQueueNums: 4, readQueueNums: 4 };
      const topics = { ORDERS: four, IN_ORDER: { ...four, order: true } };
      await bed.configure({ topics });
      await up(bed);
      await bed.configure({ topics, brokerConfig: { pullMessageThreadPoolNums: "17" } });
      unnoticed(await bed.underLoad(() => up(bed), { topic: "IN_ORDER", selector: 1 }));
      expect(await bed.closed()).toEqual([]);
      await bed.configure({ discardTopics: ["IN_ORDER"] });
      await up(bed);
    });

    test("a slave that its master waits for restarts without a failed send", async () => {
      const bed = found();
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
}
