import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Bed } from "../../src/bed";
import { configuration } from "../../src/bench/scale/configuration";
import { DESTROY_PARALLEL, measureBastion } from "../../src/bench/scale/measure";
import { flatten } from "../../src/configValues";
import { SimulatedMachines } from "../../src/simulated";
import type { Stack } from "../../src/stack";

/**
 * All machines of a cluster behind one bastion. sshd drops new connections, some at random from the
 * tenth on that is not logged in yet; none is to be dropped, however much Pulumi does at a time.
 */
jest.setTimeout(30 * 60_000);

const PARALLEL = 64;

test("a bastion far away: never more than nine that are not logged in", async () => {
  const found = await measureBastion(40, PARALLEL);
  expect(found.deploy.connections).toBeGreaterThanOrEqual(5 * 40 - 1);
  expect(found.destroy.connections).toBeGreaterThanOrEqual(2 * 40);
  for (const { most, dropped } of [found.deploy, found.destroy]) {
    expect(most).toBeLessThan(10);
    expect(dropped).toBe(0);
  }
});

describe("OpenSSH with its own MaxStartups", () => {
  let bed: Bed;
  let machines: SimulatedMachines;
  let stack: Stack;

  beforeAll(async () => {
    bed = await Bed.up({
      name: "bastion",
      net: "10.247.7",
      bridge: "brla",
      hosts: 1,
      versions: [],
    });
    machines = await SimulatedMachines.up({
      count: 40,
      stepMs: 50,
      address: `${bed.options.net}.1`,
    });
  });

  afterAll(async () => {
    await machines?.down();
    await bed?.down();
  });

  test("drops nobody", async () => {
    // As it is installed, and at its most talkative, since it tells of drops in passing.
    expect(await bed.hosts.check("h1", "sshd -T | grep -i maxstartups")).toContain("10:30:100");
    await bed.hosts.check(
      "h1",
      "echo LogLevel VERBOSE | tee /etc/ssh/sshd_config.d/verbose.conf && systemctl reload ssh",
    );
    stack = await bed.stack("bastion", {});
    const bastion = { host: bed.address("h1"), user: "ops" };
    const { address } = machines.bastion;
    await stack.configure(flatten(configuration({ address, ports: machines.ports }, bastion)), {
      "connection.privateKey": machines.privateKey,
      "connection.bastion.privateKey": bed.hosts.privateKey,
    });
    // A login is some round trips.
    await bed.hosts.delay("h1", 50);
    const before = await bed.connections("h1");
    const run = await stack.up({ args: ["--parallel", String(PARALLEL)] });
    expect(run).toMatchObject({ code: 0 });
    expect((await bed.connections("h1")) - before).toBeGreaterThanOrEqual(5 * 40 - 1);
    expect(await drops()).toEqual([]);
  });

  test("nor does it at a destroy as the update that allows it says", async () => {
    await stack.configure({ allowDestroy: "true" });
    const allowed = await stack.up();
    expect(allowed).toMatchObject({ code: 0 });
    expect(allowed.text).toContain(`pulumi destroy --parallel ${DESTROY_PARALLEL}`);
    const before = await bed.connections("h1");
    const run = await stack.destroy("--parallel", String(DESTROY_PARALLEL));
    await bed.hosts.delay("h1", "off");
    expect(run).toMatchObject({ code: 0 });
    expect((await bed.connections("h1")) - before).toBeGreaterThanOrEqual(2 * 40);
    expect(await drops()).toEqual([]);
  });

  test("and tells of it when it drops somebody", async () => {
    const strangers = Array.from({ length: 60 }, () => net.connect(22, bed.address("h1")));
    strangers.forEach((stranger) => stranger.on("error", () => undefined));
    await sleep(3000);
    strangers.forEach((stranger) => stranger.destroy());
    expect(await drops()).not.toEqual([]);
  });

  /** What the bastion wrote of connections that were too many. */
  async function drops(): Promise<string[]> {
    const journal = await bed.hosts.check(
      "h1",
      "journalctl -q -b -u ssh -u sshd -o cat --no-pager",
    );
    return journal.split("\n").filter((line) => /MaxStartups|drop connection/.test(line));
  }
});
