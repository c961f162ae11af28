import { Bed } from "../src/bed";
import { type Client, type LoadResult, prepareClient } from "../src/client";
import type { ConfigValue } from "../src/configValues";
import type { Stack } from "../src/stack";
import { succeeded } from "./support/succeeded";

/**
 * A cluster that grows while messages go through it: a broker group on new machines, then a second
 * name server. What was there before is not restarted, and for a group not even connected to. Then
 * the group is taken out again, when all that it holds was read.
 */
const VERSION = "5.5.0";
/** Made by hand, as most are: nothing but the cluster itself can tell a new broker of it. */
const TOPIC = "MADE_BY_HAND";
/** With a consumer that is behind. */
const BEHIND = "BEHIND";
const READER = "reader";
const OLD = ["h1", "h2"];
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];

let bed: Bed;
let client: Client;
let stack: Stack;
/** The first test deploys; without it the others say nothing. */
let deployed = false;

beforeAll(async () => {
  client = await prepareClient();
  bed = await Bed.up({
    name: "scaleout",
    net: "10.236.0",
    bridge: "br-rmq-so",
    hosts: 4,
    versions: [VERSION],
  });
  stack = await bed.stack("scaleout", {});
}, 45 * 60_000);

afterAll(() => bed?.down(), 120_000);

beforeEach(() => {
  if (!deployed && !(expect.getState().currentTestName ?? "").includes("begins")) {
    throw new Error("there is no cluster: its deployment failed");
  }
});

function configuration(
  groups: number,
  nameServers: number,
  replicas = 2,
): { [key: string]: ConfigValue } {
  const roles = [["namesrv", "broker"], ["broker"], ["broker", "namesrv"], ["broker"]];
  return {
    clusterName: "grows",
    version: VERSION,
    nameServers,
    groups: ["a", "b"].slice(0, groups).map((key, i) => ({
      key,
      machines: [`h${2 * i + 1}`, `h${2 * i + 2}`].slice(0, i === 0 ? 2 : replicas),
    })),
    machines: bed.hosts.hosts.map(({ name, address }, i) => ({
      name,
      address,
      roles: roles[i] ?? [],
    })),
    package: { mirror: bed.mirrorUrl },
    exporter: { enabled: false },
    timeouts: { drain: 5 },
    namesrvJvm: { heapMb: 80, options: JVM },
    brokerJvm: { heapMb: 192, directMemoryMb: 160, options: JVM },
  };
}

const namesrv = (host = "h1") => `${bed.address(host)}:9876`;

async function up(
  groups: number,
  nameServers: number,
  more: { [key: string]: ConfigValue } = {},
): Promise<void> {
  await bed.reconfigure(stack, { ...configuration(groups, nameServers), ...more });
  succeeded(await stack.up());
}

async function admin(command: string): Promise<string> {
  return bed.hosts.check("h1", `/opt/rocketmq/versions/${VERSION}/bin/mqadmin ${command} 2>&1`);
}

/** When each process of RocketMQ on a host started. */
async function started(host: string): Promise<string> {
  return bed.hosts.check(
    host,
    "systemctl list-units --plain --no-legend 'mqnamesrv*' 'mqbroker@*' | cut -d' ' -f1 | " +
      "xargs systemctl show -p Id -p ExecMainStartTimestampMonotonic",
  );
}

async function onOld<T>(look: (host: string) => Promise<T>): Promise<T[]> {
  return Promise.all(OLD.map(look));
}

/** Does something while messages flow; what users noticed of it. */
async function underLoad(work: () => Promise<void>): Promise<LoadResult> {
  const load = await client.startLoad({
    namesrv: namesrv(),
    topic: TOPIC,
    // One for all, as each group that has not read to the end holds up the scale-in.
    group: "load",
    rate: 50,
    poll: 2000,
  });
  try {
    await work();
    // Some route refreshes, so that the clients meet what is new.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
  } catch (error) {
    await load.stop();
    throw error;
  }
  return load.stop();
}

test("begins with one group, and a topic that nobody declared", async () => {
  await up(1, 1);
  deployed = true;
  await admin(`updateTopic -n ${namesrv()} -c grows -t ${TOPIC} -r 4 -w 4`);
});

test("a broker group joins: it takes messages, and nothing old is touched", async () => {
  const processes = await onOld(started);
  const connections = await onOld((host) => bed.connections(host));
  const noticed = await underLoad(async () => {
    await up(2, 1, configuration(2, 1, 1));
    // One by `started`, one by the count itself.
    const now = await onOld((host) => bed.connections(host));
    expect(now).toEqual(connections.map((count) => count + 1));
  });
  expect(noticed).toMatchObject({ failed: 0, lost: 0 });
  expect(noticed.brokers).toMatchObject({
    "broker-a": expect.any(Number) as number,
    "broker-b": expect.any(Number) as number,
  });
  expect(await onOld(started)).toEqual(processes);
});

test("a slave joins it while it takes messages: when it has them, and the topic, too", async () => {
  const processes = await started("h3");
  const noticed = await underLoad(() => up(2, 1));
  expect(noticed).toMatchObject({ failed: 0, lost: 0 });
  expect(await started("h3")).toBe(processes);
  // Before its own timer fetches them.
  const topics = await bed.hosts.check(
    "h4",
    "cat /data/rocketmq/broker-b-1/store/config/topics.json",
  );
  expect(topics).toContain(TOPIC);
});

test("a name server joins: brokers learn of it without a restart", async () => {
  const processes = await onOld(started);
  const noticed = await underLoad(() => up(2, 2));
  expect(noticed).toMatchObject({ failed: 0, lost: 0 });
  expect(await onOld(started)).toEqual(processes);
  const list = await admin(`clusterList -n ${namesrv("h3")}`);
  expect(list.match(/broker-[ab]/g)).toHaveLength(4);
});

test("declared topics follow the program, and go only when they were read", async () => {
  const queues = (count: number) => ({ readQueueNums: count, writeQueueNums: count });
  await up(2, 2, { topics: { GROWS: queues(2), GOES: queues(2) } });
  const goes = { namesrv: namesrv(), topic: "GOES", poll: 2000 };
  const { keys } = await client.produce({ ...goes, count: 20 });

  await bed.reconfigure(stack, { ...configuration(2, 2), topics: { GROWS: queues(4) } });
  const foreseen = await stack.preview();
  expect(foreseen.text).toContain("topic GROWS: queues 2 -> 4, applied online");
  expect(foreseen.text).toContain("topic GOES: removed, if none of its messages are unread");
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("topic GOES cannot be removed: messages would be lost");
  expect(refused.text).toMatch(/topic GOES: \d+ messages on broker-[ab], which no consumer group/);

  const read = await client.consume({ ...goes, group: "last", count: 20, keys, timeout: 60 });
  expect(read).toMatchObject({ received: 20 });
  succeeded(await stack.up());
  expect(await admin(`topicList -n ${namesrv()}`)).not.toContain("GOES");
  const route = await admin(`topicRoute -n ${namesrv()} -t GROWS`);
  expect(route.match(/"writeQueueNums":\s*4/g)).toHaveLength(2);
  await up(2, 2);
});

test("a group leaves only when it was read: nobody fails to send, and its data stays", async () => {
  await admin(`updateTopic -n ${namesrv()} -c grows -t ${BEHIND} -r 2 -w 2`);
  const behind = { namesrv: namesrv(), topic: BEHIND, poll: 2000 };
  const read = { ...behind, group: READER, timeout: 60 };
  await client.produce({ ...behind, count: 40 });
  expect(await client.consume({ ...read, count: 40 })).toMatchObject({ ok: true });
  await client.produce({ ...behind, count: 40 });
  const noticed = await underLoad(async () => {
    await bed.reconfigure(stack, configuration(1, 2));
    const refused = await stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/broker-b was not removed: it has \d+ unread messages/);
    expect(refused.text).toMatch(/consumer group reader: \d+ \(BEHIND \d+\)/);
    const [readers] = await Promise.all([
      client.consume({ ...read, count: 40 }),
      up(2, 2, { decommission: ["b"] }),
    ]);
    expect(readers).toMatchObject({ ok: true });
    await up(1, 2);
  });
  expect(noticed).toMatchObject({ failed: 0, lost: 0 });
  expect(await bed.hosts.check("h3", "ls /data/rocketmq/broker-b-0/store/commitlog")).toMatch(
    /^0+/,
  );
  expect(await admin(`clusterList -n ${namesrv()}`)).not.toContain("broker-b");
});

test("nothing is left to do", async () => {
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  succeeded(await stack.destroy());
});
