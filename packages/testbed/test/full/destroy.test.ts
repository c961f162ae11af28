import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import type { Stack } from "../../src/stack";
import { succeeded } from "../support/succeeded";

/**
 * The end of a cluster one of whose machines is gone already, its data purged. How a destroy is
 * refused and what it asks the engine for is in the short tests.
 */
const TOPIC = "ORDERS";
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];
const PATIENT = { sendTimeout: 20_000 };

let bed: Bed;
let client: Client;
let stack: Stack;
let config: { [key: string]: ConfigValue };

beforeAll(async () => {
  client = await prepareClient();
  bed = await Bed.up({
    name: "de-full",
    net: "10.241.0",
    bridge: "brde",
    hosts: 2,
    versions: ["5.5.0"],
    consul: true,
  });
  config = {
    clusterName: "ends",
    machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
    package: { mirror: bed.mirrorUrl },
    consul: { address: bed.consul?.address ?? "" },
    topics: { [TOPIC]: { writeQueueNums: 4 } },
    namesrvJvm: { heapMb: 96, options: JVM },
    brokerJvm: { heapMb: 256, directMemoryMb: 192, options: JVM },
    allowDestroy: false,
  };
  stack = await bed.stack("ends", config);
  succeeded(await stack.up());
}, 45 * 60_000);

afterAll(() => bed?.down(), 120_000);

async function configure(more: { [key: string]: ConfigValue }): Promise<void> {
  config = { ...config, ...more };
  await bed.reconfigure(stack, config);
}

async function send(): Promise<void> {
  const namesrv = `${bed.address("h1")}:9876`;
  const sent = await client.produce({ namesrv, topic: TOPIC, count: 20, ...PATIENT });
  expect(sent).toMatchObject({ sent: 20, failed: 0 });
}

/** When each process of RocketMQ on a host started. */
async function started(host: string): Promise<string> {
  return bed.hosts.check(
    host,
    "systemctl list-units --plain --no-legend 'mqnamesrv*' 'mqbroker@*' 'mqexporter*' | " +
      "cut -d' ' -f1 | xargs systemctl show -p Id -p ExecMainStartTimestampMonotonic",
  );
}

async function services(): Promise<string[]> {
  const answer = await fetch(`http://${bed.consul?.address}/v1/catalog/services`);
  return Object.keys((await answer.json()) as object).filter((name) => name !== "consul");
}

test("a destroy is refused, and the cluster goes on", async () => {
  const connections = await bed.connections("h1");
  const before = await started("h1");
  const run = await stack.run(["destroy", "--yes"]);
  expect(run.text).toContain("destroy-guard-set-allowDestroy-and-run-pulumi-up-first");
  expect(run.code).not.toBe(0);
  expect(await started("h1")).toBe(before);
  // Two by asking for the start times, one by asking for the count.
  expect(await bed.connections("h1")).toBe(connections + 3);
  await send();
});

test("that data is to go is made known without a restart", async () => {
  const before = await Promise.all(["h1", "h2"].map(started));
  await configure({ purge: true });
  succeeded(await stack.up());
  expect(await Promise.all(["h1", "h2"].map(started))).toEqual(before);
  await send();
});

test("a machine that is gone stops a destroy, in minutes; given up, it is passed over", async () => {
  await bed.hosts.check("h1", "echo mine > /data/rocketmq/of-somebody-else");
  await bed.hosts.kill("h2");
  await configure({ allowDestroy: true });
  succeeded(await stack.up());

  const from = Date.now();
  const stopped = await stack.destroy();
  const minutes = (Date.now() - from) / 60_000;
  expect(stopped.text).toContain("failed attempts: dial tcp");
  expect(stopped.code).not.toBe(0);
  expect(minutes).toBeLessThan(5);

  await configure({ lost: ["h2"] });
  const run = await stack.destroy("--run-program");
  expect(run).toMatchObject({ code: 0 });
  expect(run.text).not.toContain("Dial");
});

test("nothing is left of it where a machine still is, and in Consul; others' files stay", async () => {
  const { stdout } = await bed.hosts.ssh(
    "h1",
    "ls -d /opt/rocketmq /var/lib/rocketmq-agent /etc/sysctl.d/90-rocketmq.conf " +
      "/etc/systemd/system/mq* ~ops/.rocketmq-agent 2>/dev/null; pgrep -a java; " +
      "ls /data/rocketmq",
  );
  expect(stdout.trim()).toBe("of-somebody-else");
  expect(await services()).toEqual([]);
  const { text } = await stack.run(["stack"]);
  expect(text).toContain("No resources currently in this stack");
});

test("with nothing else there the user and the folders go, too", async () => {
  await bed.hosts.check("h1", "rm /data/rocketmq/of-somebody-else");
  await configure({
    lost: [],
    machines: bed.hosts.hosts.slice(0, 1).map(({ name, address }) => ({ name, address })),
    replicasPerGroup: 1,
  });
  succeeded(await stack.up());
  await send();
  succeeded(await stack.destroy());
  const { stdout } = await bed.hosts.ssh("h1", "ls -d /data/rocketmq 2>&1; getent passwd rocketmq");
  expect(stdout.trim()).toMatch(/^ls: .*No such file or directory$/);
});
