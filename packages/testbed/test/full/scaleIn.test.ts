import { Bed } from "../../src/bed";
import { type Client, type LoadResult, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import { type Answer, Remoting } from "../../src/remoting";
import type { Stack } from "../../src/stack";
import { rollback, send, take } from "../support/messages";
import { succeeded } from "../support/succeeded";

/**
 * A broker group is taken out while messages go through the cluster: closed for writes, read to its
 * end, delayed, timer and half messages included, and only then removed. Its data stays.
 */
const TOPIC = "ORDERS";
/** A topic of the load's own: what it leaves unread would be counted, too. */
const LOAD = "LOAD";
const GROUP = "billing";
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];

let bed: Bed;
let client: Client;

beforeAll(async () => {
  client = await prepareClient();
  bed = await Bed.up({
    name: "si",
    net: "10.71.0",
    bridge: "brsi",
    hosts: 4,
    versions: ["5.5.0", "4.9.3"],
  });
}, 45 * 60_000);

afterAll(() => bed?.down(), 120_000);

describe.each([
  ["5.5.0", "h1", "h2"],
  ["4.9.3", "h3", "h4"],
])("%s", (version, first, second) => {
  const five = version.startsWith("5");
  let stack: Stack;
  let settings: { [key: string]: ConfigValue } = {};
  let messages = 0;

  beforeAll(async () => {
    stack = await bed.stack(`si${version.replace(/\./g, "")}`, {});
  });

  const namesrv = () => `${bed.address(first)}:9876`;
  const master = () => `${bed.address(second)}:10911`;

  /** `more` on top of the cluster with its two groups. */
  async function configure(more: { [key: string]: ConfigValue } = {}, keys = ["a", "b"]) {
    settings = {
      clusterName: "shrinks",
      version,
      nameServers: 1,
      groups: keys.map((key) => ({ key, machines: [key === "a" ? first : second] })),
      machines: [first, second].map((name) => ({
        name,
        address: bed.address(name),
        roles: name === first ? ["namesrv", "broker"] : ["broker"],
      })),
      package: { mirror: bed.mirrorUrl },
      exporter: { enabled: false },
      topics: Object.fromEntries(
        [TOPIC, LOAD, "LOGS", "TAKEN"].map((name) => [
          name,
          { readQueueNums: 2, writeQueueNums: 2 },
        ]),
      ),
      timeouts: { drain: 5, decommission: 20 },
      namesrvJvm: { heapMb: 96, options: JVM },
      brokerJvm: { heapMb: 256, directMemoryMb: 192, options: JVM },
      ...more,
    };
    await bed.reconfigure(stack, settings);
  }

  async function up() {
    const from = Date.now();
    const run = await stack.up();
    process.stderr.write(`up: ${((Date.now() - from) / 1000).toFixed(1)} s, exit ${run.code}\n`);
    if (run.code !== 0) {
      process.stderr.write(`${run.text.split("Diagnostics:").pop()}\n`);
    }
    return run;
  }

  async function underLoad(work: () => Promise<void>): Promise<LoadResult> {
    const load = await client.startLoad({
      namesrv: namesrv(),
      topic: LOAD,
      group: "load",
      rate: 20,
      poll: 2000,
    });
    try {
      await work();
    } catch (error) {
      await load.stop();
      throw error;
    }
    const result = await load.stop();
    process.stderr.write(`load: ${JSON.stringify(result)}\n`);
    return result;
  }

  async function produce(topic = TOPIC): Promise<void> {
    const { sent } = await client.produce({ namesrv: namesrv(), topic, count: 100, keys: topic });
    messages += sent;
  }

  async function permission(): Promise<string> {
    return bed.hosts.check(
      first,
      `/opt/rocketmq/versions/${version}/bin/mqadmin getBrokerConfig -b ${master()} 2>&1 | grep brokerPermission`,
    );
  }

  test("begins with two groups and a consumer that is behind", async () => {
    await configure();
    succeeded(await up());
    await produce();
    const read = await client.consume({
      namesrv: namesrv(),
      topic: TOPIC,
      group: GROUP,
      count: messages,
      timeout: 90,
    });
    expect(read).toMatchObject({ ok: true });
    await produce();
  });

  test("a group with unread messages is not removed, and nothing of it is touched", async () => {
    await configure({}, ["a"]);
    const refused = await up();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/broker-b was not removed: it has \d+ unread messages/);
    expect(refused.text).toMatch(new RegExp(`consumer group ${GROUP}: \\d+ \\(${TOPIC} \\d+\\)`));
    expect(refused.text).toContain("name it in decommission");
    expect(await permission()).toContain("6");
  });

  test("it is closed for writes without a failed send, and the wait tells what is left", async () => {
    await configure({ decommission: ["b"] });
    const preview = await stack.preview();
    expect(preview).toMatchObject({ code: 0 });
    expect(preview.text).toContain("broker-b-0: its group is taken out (decommission)");
    expect(preview.text).toContain("waits, at most 20 s, until all that its group holds was read");
    const broker = await Remoting.connect(master());
    let acknowledge: (() => Promise<Answer>) | undefined;
    // Level 5 is a minute.
    await send(broker, TOPIC, { properties: { DELAY: "5" } });
    await send(broker, TOPIC, { half: true });
    if (five) {
      const at = String(Date.now() + 60_000);
      await send(broker, TOPIC, { properties: { TIMER_DELIVER_MS: at } });
      await send(broker, "TAKEN");
      acknowledge = await take(broker, "broker-b", "TAKEN", "takers", 90_000);
    }
    const noticed = await underLoad(async () => {
      const run = await up();
      expect(run.code).not.toBe(0);
      expect(run.text).toMatch(/broker-b is closed for writes, and after 20 s \d+ messages/);
      expect(run.text).toMatch(new RegExp(`consumer group ${GROUP}: \\d+`));
      expect(run.text).toContain("delayed messages: 1");
      expect(run.text).toContain("undecided transactions: 1");
      if (five) {
        // 5.5.0 notes what was taken as a message to itself, due when the time to acknowledge is over.
        expect(run.text).toContain("timer messages: 2");
      }
      expect(run.text).toContain("it goes on from here");
    });
    expect(noticed).toMatchObject({ failed: 0, lost: 0 });
    expect(noticed.brokers).toHaveProperty("broker-a");
    await rollback(broker);
    expect((await acknowledge?.())?.code).toBe(five ? 0 : undefined);
    broker.close();
  });

  test("it stays closed when its process or its machine restarts", async () => {
    await bed.hosts.check(second, "systemctl restart mqbroker@broker-b-0");
    let seen = "";
    for (let i = 0; i < 60 && !seen.includes("4"); i++) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      seen = await permission().catch(() => "");
    }
    expect(seen).toContain("4");
  });

  test("the next update goes on, and ends when its consumers have read all of it", async () => {
    await configure({ decommission: ["b"], timeouts: { drain: 5, decommission: 300 } });
    const reader = client.consume({
      namesrv: namesrv(),
      topic: TOPIC,
      group: GROUP,
      // More than there are: it goes on until its time is over.
      count: 10_000,
      timeout: 100,
    });
    const run = await up();
    expect(run).toMatchObject({ code: 0 });
    expect(run.text).toContain("all of it was read");
    await reader;
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  test("taken off the list it takes messages again", async () => {
    await configure();
    const preview = await stack.preview();
    expect(preview.text).toContain("takes messages again");
    succeeded(await up());
    expect(await permission()).toContain("6");
    await produce();
    await produce("LOGS");
  });

  test("abandoned groups and topics hold up nothing", async () => {
    await configure({ decommission: ["b"] });
    const refused = await up();
    expect(refused.text).toContain("topic LOGS: ");
    await configure({ decommission: ["b"], ignoreGroups: [GROUP], ignoreTopics: ["LOGS"] });
    succeeded(await up());
  });

  test("it is removed without a failed send, and its data stays", async () => {
    const noticed = await underLoad(async () => {
      await configure({}, ["a"]);
      succeeded(await up());
    });
    expect(noticed).toMatchObject({ failed: 0, lost: 0 });
    const there = await bed.hosts.check(
      second,
      "ls /data/rocketmq/broker-b-0/store/commitlog; systemctl list-units --all --plain 'mqbroker*'",
    );
    expect(there).toContain("00000000000000000000");
    expect(there).not.toContain("mqbroker@broker-b-0");
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  test("it comes back to its data, and has what was made meanwhile", async () => {
    const mqadmin = (line: string) =>
      bed.hosts.check(
        first,
        `/opt/rocketmq/versions/${version}/bin/mqadmin ${line} -n ${namesrv()} 2>&1`,
      );
    const made = await mqadmin(`updateTopic -b ${bed.address(first)}:10911 -t MEANWHILE -r 3 -w 3`);
    expect(made).toContain("MEANWHILE");
    await configure();
    succeeded(await up());
    expect(await mqadmin("topicRoute -t MEANWHILE")).toContain("broker-b");
    expect(await mqadmin("topicRoute -t LOGS")).toContain("broker-b");
    await configure({ decommission: ["b"], ignoreGroups: [GROUP], ignoreTopics: ["LOGS"] });
    succeeded(await up());
    await configure({}, ["a"]);
    succeeded(await up());
  });

  test("a machine that is switched off for good is given up, and its group leaves", async () => {
    await configure({}, ["a", "c"]);
    succeeded(await up());
    await bed.hosts.kill(second);
    await configure({ lost: [second] }, ["a", "c"]);
    const given = await up();
    expect(given).toMatchObject({ code: 0 });
    expect(given.text).toContain(
      "broker-c-0 was all that was left of group c: every message in it that was not read is lost",
    );
    await configure({}, ["a"]);
    succeeded(await up());
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  });
});
