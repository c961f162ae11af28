import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import { Remoting } from "../../src/remoting";
import type { Stack } from "../../src/stack";
import { maxOffset, send, take } from "../support/messages";
import { succeeded } from "../support/succeeded";

/**
 * Topics and consumer groups follow the program: more queues, fewer queues, gone; refused where
 * messages would be lost. Two masters, one of them with a slave.
 */
const LONG = 20 * 60_000;
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];
const SLOTS = { h1: "broker-a-0", h2: "broker-a-1", h3: "broker-b-0" } as const;

describe.each(["5.5.0", "4.9.3"])("topics of RocketMQ %s", (version) => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let deployed = false;

  beforeAll(async () => {
    client = await prepareClient();
    bed = await Bed.up({
      name: "to",
      net: "10.219.0",
      bridge: "brto",
      hosts: 3,
      versions: [version],
    });
    stack = await bed.stack("topics", configuration(FIRST));
    succeeded(await stack.up());
    deployed = true;
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  beforeEach(() => {
    if (!deployed) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  const four = { readQueueNums: 4, writeQueueNums: 4 };
  const FIRST = {
    topics: { KEPT: four, GONE: four, WIDE: four },
    subscriptionGroups: { billing: { retryMaxTimes: 7 }, idle: { retryMaxTimes: 3 } },
  };

  function configuration(declared: { [key: string]: ConfigValue }): { [key: string]: ConfigValue } {
    return {
      clusterName: "topics",
      version,
      nameServers: 1,
      groups: [
        { key: "a", machines: ["h1", "h2"] },
        { key: "b", machines: ["h3"] },
      ],
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      exporter: { enabled: false },
      package: { mirror: bed.mirrorUrl },
      namesrvJvm: { heapMb: 96, options: JVM },
      brokerJvm: { heapMb: 256, directMemoryMb: 192, options: JVM },
      ...declared,
    };
  }

  const namesrv = () => `${bed.address("h1")}:9876`;

  async function change(declared: { [key: string]: ConfigValue }) {
    await bed.reconfigure(stack, configuration(declared));
    const preview = await stack.preview();
    expect(preview).toMatchObject({ code: 0 });
    const from = Date.now();
    const run = await stack.up();
    const seconds = (Date.now() - from) / 1000;
    process.stderr.write(`${version}: up in ${seconds.toFixed(1)} s, exit ${run.code}\n`);
    if (run.code !== 0) {
      process.stderr.write(`${run.text.split("Diagnostics:").pop()}\n`);
    }
    return { preview: preview.text, run, seconds };
  }

  /** The queues of a topic that each broker has on disk: writes and reads, nothing where it has none. */
  async function onDisk(topic: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [host, slot] of Object.entries(SLOTS)) {
      const file = `/data/rocketmq/${slot}/store/config/topics.json`;
      const { topicConfigTable: table } = JSON.parse(
        await bed.hosts.check(host, `cat ${file}`),
      ) as { topicConfigTable: Record<string, { writeQueueNums: number; readQueueNums: number }> };
      const one = table[topic];
      found[slot] = one ? `${one.writeQueueNums}/${one.readQueueNums}` : "";
    }
    return found;
  }

  /** A client that starts on a busy machine may not reach the name server at once. */
  async function consume(keys: string, count: number): Promise<number> {
    const once = () =>
      client.consume({
        namesrv: namesrv(),
        topic: "WIDE",
        group: "billing",
        count,
        keys,
        timeout: 90,
      });
    const { received } = await once().catch(once);
    return received;
  }

  function everywhere(queues: string) {
    return { "broker-a-0": queues, "broker-a-1": queues, "broker-b-0": queues };
  }

  async function started(): Promise<string[]> {
    return Promise.all(
      Object.entries(SLOTS).map(([host, slot]) =>
        bed.hosts.check(host, `systemctl show -p ExecMainStartTimestamp --value mqbroker@${slot}`),
      ),
    );
  }

  /** Slaves fetch topics once a minute. */
  async function eventually(look: () => Promise<void>): Promise<void> {
    const end = Date.now() + 150_000;
    for (;;) {
      try {
        return await look();
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 3_000));
      }
    }
  }

  test(
    "more queues, and a topic and a group gone: one line each, no restart, nothing left of them",
    async () => {
      const before = await started();
      const { preview, run } = await change({
        topics: { KEPT: { readQueueNums: 6, writeQueueNums: 6 }, WIDE: four },
        subscriptionGroups: { billing: { retryMaxTimes: 7 } },
      });
      for (const line of [
        "topic KEPT: queues 4 -> 6, applied online",
        "topic GONE: removed, if none of its messages are unread",
        "subscription group idle: removed, if it has no consumers and nothing to read",
      ]) {
        // Once, though two masters have it. (The display has it twice, as it came and at its end.)
        expect(preview.split("Diagnostics:").pop()?.split(line)).toHaveLength(2);
      }
      expect(run).toMatchObject({ code: 0 });
      expect(await started()).toEqual(before);
      await eventually(async () => {
        expect(await onDisk("KEPT")).toEqual(everywhere("6/6"));
        expect(await onDisk("GONE")).toEqual(everywhere(""));
      });
      const admin = `/opt/rocketmq/versions/${version}/bin/mqadmin`;
      const known = await bed.hosts.check("h1", `${admin} topicList -n ${namesrv()} 2>/dev/null`);
      expect(known).toContain("KEPT");
      expect(known).not.toContain("GONE");
      expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    },
    LONG,
  );

  test(
    "a topic with unread messages stays, with the numbers; read, it goes; made anew, it begins anew",
    async () => {
      const sent = await client.produce({ namesrv: namesrv(), topic: "WIDE", count: 40 });
      expect(sent).toMatchObject({ failed: 0 });
      const without = { topics: { KEPT: four }, subscriptionGroups: FIRST.subscriptionGroups };
      const kept = { ...without, topics: { KEPT: { readQueueNums: 6, writeQueueNums: 6 } } };
      const refused = await change(kept);
      expect(refused.run.code).not.toBe(0);
      expect(refused.run.text).toContain("topic WIDE cannot be removed");
      expect(refused.run.text).toMatch(/topic WIDE: \d+ messages on broker-a/);
      expect(refused.run.text).toMatch(/topic WIDE: \d+ messages on broker-b/);
      expect(refused.run.text).toContain("discardTopics");
      expect((await onDisk("WIDE"))["broker-a-0"]).toBe("4/4");

      expect(await consume(sent.keys, 40)).toBe(40);
      // Offsets are on the broker when the consumer has ended.
      succeeded(await stack.up());
      await eventually(async () => expect(await onDisk("WIDE")).toEqual(everywhere("")));

      const again = await change({ ...kept, topics: { ...kept.topics, WIDE: four } });
      expect(again.run).toMatchObject({ code: 0 });
      await eventually(async () => expect(await onDisk("WIDE")).toEqual(everywhere("4/4")));
      const second = await client.produce({ namesrv: namesrv(), topic: "WIDE", count: 40 });
      expect(second).toMatchObject({ failed: 0 });
      // The slave has the new messages, not the old ones in their places.
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      await bed.hosts.check("h1", "systemctl stop mqbroker@broker-a-0");
      try {
        expect(await consume(second.keys, 40)).toBe(40);
      } finally {
        await bed.hosts.check("h1", "systemctl start mqbroker@broker-a-0");
        await eventually(async () => {
          const all = await client.produce({ namesrv: namesrv(), topic: "KEPT", count: 20 });
          expect(Object.keys(all.brokers).sort()).toEqual(["broker-a", "broker-b"]);
        });
      }
    },
    LONG,
  );

  test(
    "fewer queues: nothing that is sent meanwhile is lost",
    async () => {
      const load = await client.startLoad({
        namesrv: namesrv(),
        topic: "KEPT",
        rate: 50,
        poll: 30_000,
      });
      let result;
      let narrowed;
      try {
        narrowed = await change({
          topics: { KEPT: { readQueueNums: 2, writeQueueNums: 2 }, WIDE: four },
          subscriptionGroups: FIRST.subscriptionGroups,
        });
        await new Promise((resolve) => setTimeout(resolve, 35_000));
      } finally {
        result = await load.stop();
      }
      process.stderr.write(`${version}: load ${JSON.stringify(result)}\n`);
      expect(narrowed.preview).toContain("topic KEPT: queues 6 -> 2, applied online: written to");
      expect(narrowed.run).toMatchObject({ code: 0 });
      expect(result).toMatchObject({ failed: 0, lost: 0, errors: {} });
      await eventually(async () => expect(await onDisk("KEPT")).toEqual(everywhere("2/2")));
    },
    LONG,
  );

  if (version.startsWith("5")) {
    test(
      "what was taken and not acknowledged holds its topic",
      async () => {
        const broker = await Remoting.connect(`${bed.address("h1")}:10911`);
        await send(broker, "WIDE");
        await take(broker, "broker-a", "WIDE", "billing", 5_000);
        await eventually(async () => {
          // With enableRetryTopicV2, which is off, it would have a "+".
          expect(await maxOffset(broker, "%RETRY%billing_WIDE")).toBeGreaterThan(0);
        });
        broker.close();
        const kept = { KEPT: { readQueueNums: 2, writeQueueNums: 2 } };
        const { subscriptionGroups } = FIRST;
        const refused = await change({ topics: kept, subscriptionGroups });
        expect(refused.run.code).not.toBe(0);
        expect(refused.run.text).toContain(
          "topic WIDE: 1 messages on broker-a that billing took, did not acknowledge",
        );
        const back = await change({ topics: { ...kept, WIDE: four }, subscriptionGroups });
        expect(back.run).toMatchObject({ code: 0 });
      },
      LONG,
    );
  }

  test(
    "what may be lost is said by name",
    async () => {
      const sent = await client.produce({ namesrv: namesrv(), topic: "KEPT", count: 10 });
      expect(sent).toMatchObject({ failed: 0 });
      const { preview, run } = await change({
        topics: { WIDE: four },
        discardTopics: ["KEPT"],
        // What it has read from a slave of 4.9 its master does not know.
        discardSubscriptionGroups: ["billing"],
      });
      expect(preview).toContain("topic KEPT: removed, with its messages (discardTopics)");
      expect(preview).toContain(
        "subscription group billing: removed, with its messages (discardSubscriptionGroups)",
      );
      expect(run).toMatchObject({ code: 0 });
      expect((await onDisk("KEPT"))["broker-a-0"]).toBe("");
    },
    LONG,
  );
});
