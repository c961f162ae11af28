import { Bed } from "../src/bed";
import { nothingChanged, type Stack } from "../src/stack";
import { drift, processes } from "./support/drift";
import { succeeded } from "./support/succeeded";

/**
 * What people change on machines behind Pulumi's back: shown by `pulumi-rocketmq drift`, which
 * changes nothing, and repaired by the update that is asked to.
 */
const VERSION = "5.5.0";
const NODES = {
  "namesrv-0": ["h1", "mqnamesrv"],
  "broker-a-0": ["h1", "mqbroker@broker-a-0"],
  "broker-b-0": ["h2", "mqbroker@broker-b-0"],
} as const;

describe("drift on two hosts", () => {
  let bed: Bed;
  let stack: Stack;

  beforeAll(async () => {
    bed = await Bed.up({
      name: "drift",
      net: "10.234.0",
      bridge: "br-rmq-dr",
      hosts: 2,
      versions: [VERSION],
    });
    stack = await bed.stack("drift", {
      clusterName: "test",
      version: VERSION,
      nameServers: 1,
      brokerGroups: 2,
      replicasPerGroup: 1,
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      package: { mirror: bed.mirrorUrl },
      exporter: { enabled: false },
      topics: { ORDERS: { writeQueueNums: 4, readQueueNums: 4 } },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
      timeouts: { drain: 5 },
    });
    succeeded(await stack.up());
  }, 20 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  const mqadmin = (host: string, args: string) =>
    bed.hosts.check(
      "h1",
      `/opt/rocketmq/versions/${VERSION}/bin/mqadmin ${args} -b ${bed.address(host)}:10911 2>&1`,
    );

  test("a cluster as it was made has none", async () => {
    expect(await drift(stack)).toMatchObject({ code: 0, text: "no drift on 2 machines\n" });
  }, 120_000);

  test("a file, a unit and live keys are shown with what their repair costs", async () => {
    await bed.hosts.check(
      "h1",
      "echo 'threads=9' >> /opt/rocketmq/nodes/namesrv-0/current/conf/namesrv.conf",
    );
    await bed.hosts.check("h1", "systemctl stop mqbroker@broker-a-0");
    await mqadmin("h2", "updateBrokerConfig -k fileReservedTime -v 9");
    await mqadmin("h2", "updateBrokerConfig -k flushDiskType -v SYNC_FLUSH");
    const before = await processes(bed, NODES);

    const shown = await drift(stack);
    expect(shown).toMatchObject({ code: 2 });
    for (const line of [
      "h1 namesrv-0: namesrv.conf threads: expected (unset), found 9 (repair: hot)",
      "h1 broker-a-0: unit mqbroker@broker-a-0: expected active, found inactive (repair: start)",
      "h2 broker-b-0: fileReservedTime: expected 168, found 9 (repair: hot)",
      "h2 broker-b-0: flushDiskType: expected ASYNC_FLUSH, found SYNC_FLUSH (repair: restart)",
      "4 differences on 2 of 2 machines",
    ]) {
      expect(shown.text).toContain(line);
    }
    const machines = JSON.parse((await drift(stack, "--json")).text) as object;
    expect(machines).toMatchObject({ stack: "drift", drift: true, complete: true });
    // It has changed nothing, and the stack knows nothing of it.
    expect(await processes(bed, NODES)).toEqual(before);
    expect((await drift(stack)).text).toBe(shown.text);
  }, 180_000);

  test("the update that is asked to repairs it, and restarts what runs wrong alone", async () => {
    const before = await processes(bed, NODES);
    await stack.configure({ reconcile: "1" });
    const preview = await stack.preview();
    expect(preview.text).toContain(
      "namesrv-0: reconcile: checks and repairs; restarts only what drifted",
    );
    expect(preview.text).not.toMatch(/rolling restart|restarts without a drain/);

    succeeded(await stack.up());
    expect(await drift(stack)).toMatchObject({ code: 0 });
    const now = await processes(bed, NODES);
    expect(now["namesrv-0"]).toBe(before["namesrv-0"]);
    expect(now["broker-a-0"]).not.toBe("");
    expect(now["broker-b-0"]).not.toBe(before["broker-b-0"]);

    // Nothing is left to repair: the same again restarts nothing.
    await stack.configure({ reconcile: "2" });
    succeeded(await stack.up());
    expect(await processes(bed, NODES)).toEqual(now);
    succeeded(await stack.up());
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
  }, 300_000);

  test("a machine that cannot be asked is named, and the others are reported", async () => {
    await bed.hosts
      .check("h2", "systemctl stop ssh.socket ssh sshd 2>/dev/null; true")
      .catch(() => undefined);
    const shown = await drift(stack);
    expect(shown.code).toBe(1);
    expect(shown.text).toContain("no drift on 1 machine");
    expect(shown.complaints).toMatch(/^h2: no SSH connection to ops@/m);
  }, 120_000);
});
