import { Bed } from "../../src/bed";
import type { Stack } from "../../src/stack";
import { drift, processes } from "../support/drift";
import { succeeded } from "../support/succeeded";

/** What else drifts: kernel, boot, units, packages, releases, topics, processes, Java. */
const VERSION = "5.5.0";
const FOLDER = `/opt/rocketmq/versions/${VERSION}`;
const NODES = {
  "namesrv-0": ["h1", "mqnamesrv"],
  "broker-a-0": ["h1", "mqbroker@broker-a-0"],
  exporter: ["h1", "mqexporter"],
} as const;
const JAVA = "/usr/lib/jvm/java-17-openjdk-amd64";

describe("drift on one host", () => {
  let bed: Bed;
  let stack: Stack;
  let times = 0;

  beforeAll(async () => {
    bed = await Bed.up({
      name: "drift",
      net: "10.234.0",
      bridge: "br-rmq-dr",
      hosts: 1,
      versions: [VERSION],
    });
    stack = await bed.stack("drift", {
      clusterName: "test",
      version: VERSION,
      nameServers: 1,
      replicasPerGroup: 1,
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      package: { mirror: bed.mirrorUrl },
      topics: { ORDERS: { writeQueueNums: 4, readQueueNums: 4 } },
      subscriptionGroups: { billing: {} },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
    });
    succeeded(await stack.up());
  }, 20 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  const on = (command: string) => bed.hosts.check("h1", command);
  const mqadmin = (args: string) => on(`${FOLDER}/bin/mqadmin ${args} 2>&1`);

  /** Every text is in the command's result. */
  async function shown(...texts: string[]): Promise<void> {
    const { code, text, complaints } = await drift(stack);
    expect({ code, complaints }).toEqual({ code: 2, complaints: "" });
    texts.forEach((one) => expect(text).toContain(one));
  }

  async function reconciled(): Promise<void> {
    await stack.configure({ reconcile: String(++times) });
    succeeded(await stack.up());
    expect(await drift(stack)).toMatchObject({ code: 0 });
  }

  test("a machine as it was made, with all roles on it, has none", async () => {
    expect(await drift(stack)).toMatchObject({ code: 0, text: "no drift on 1 machine\n" });
  }, 120_000);

  test("a broker that rewrote its file has none, and the next release is written afresh", async () => {
    const file = "/opt/rocketmq/nodes/broker-a-0/current/conf/broker.conf";
    const lines = async () => Number(await on(`wc -l < ${file}`));
    const written = await lines();
    // Even where nothing changes: with every key that it knows, old defaults included.
    await mqadmin(`updateBrokerConfig -b ${bed.address("h1")}:10911 -k fileReservedTime -v 168`);
    expect(await lines()).toBeGreaterThan(300);
    expect(await drift(stack)).toMatchObject({ code: 0 });
    const before = await processes(bed, NODES);
    await reconciled();
    expect(await processes(bed, NODES)).toEqual(before);

    await bed.configure(stack, { brokerConfig: { pullMessageThreadPoolNums: "18" } });
    succeeded(await stack.up());
    expect(await lines()).toBe(written + 1);
    expect((await processes(bed, NODES))["broker-a-0"]).not.toBe(before["broker-a-0"]);
    expect(await drift(stack)).toMatchObject({ code: 0 });
  }, 300_000);

  test("what needs no restart is repaired without one", async () => {
    const before = await processes(bed, NODES);
    const broker = `${bed.address("h1")}:10911`;
    await on("echo 60 > /proc/sys/vm/swappiness; rm /etc/sysctl.d/90-rocketmq.conf");
    await on("rm /etc/systemd/system/multi-user.target.wants/mqnamesrv.service");
    await on("sed -i s/LimitNOFILE=.*/LimitNOFILE=1024/ /etc/systemd/system/mqexporter.service");
    await on(`echo '# mine' >> ${FOLDER}/bin/mqbroker; rm ${FOLDER}/LICENSE`);
    await mqadmin(`deleteTopic -n ${bed.address("h1")}:9876 -c test -t ORDERS`);
    await mqadmin(`updateBrokerConfig -b ${broker} -k brokerPermission -v 4`);
    await on("rm /opt/rocketmq/nodes/namesrv-0/current/conf/namesrv.conf");
    await shown(
      "h1: vm.swappiness: expected 1, found 60 (repair: hot)",
      "h1: /etc/sysctl.d/90-rocketmq.conf: expected there, found missing (repair: hot)",
      "h1 namesrv-0: unit mqnamesrv at boot: expected enabled, found disabled (repair: hot)",
      "found LimitNOFILE=1024 (repair: hot)",
      "LICENSE is missing, bin/mqbroker is altered (repair: reinstall)",
      "h1 broker-a-0: topic ORDERS: expected as declared, found is not there (repair: hot)",
      "h1 broker-a-0: brokerPermission: expected 6 (open for writes), found 4 (repair: hot)",
      "namesrv.conf: expected there, found missing (repair: hot)",
    );
    await reconciled();
    expect(await processes(bed, NODES)).toEqual(before);
  }, 300_000);

  test("a package and a release that were deleted are put back below what runs", async () => {
    const before = await processes(bed, NODES);
    await on(`rm -r ${FOLDER} /opt/rocketmq/nodes/namesrv-0/releases`);
    await shown(
      `h1: RocketMQ ${VERSION}: expected installed in ${FOLDER}, found missing (repair: reinstall)`,
      "h1 namesrv-0: /opt/rocketmq/nodes/namesrv-0/current: expected there, found missing (repair: restart)",
    );
    await reconciled();
    const { exporter, "broker-a-0": broker } = await processes(bed, NODES);
    expect({ exporter, broker }).toEqual({
      exporter: before.exporter,
      broker: before["broker-a-0"],
    });
  }, 300_000);

  test("a process that somebody started with other options is restarted, and no other", async () => {
    const unit = "/etc/systemd/system/mqbroker@broker-a-0.service";
    await on(
      `sed -i s/-Xmx256m/-Xmx300m/ ${unit} && systemctl daemon-reload && systemctl restart mqbroker@broker-a-0`,
    );
    const before = await processes(bed, NODES);
    await shown("command line of the running process: expected -Xmx256m, found -Xmx300m");
    await reconciled();
    const now = await processes(bed, NODES);
    expect({ ...now, "broker-a-0": "" }).toEqual({ ...before, "broker-a-0": "" });
    expect(now["broker-a-0"]).not.toBe(before["broker-a-0"]);
  }, 300_000);

  test("a Java that was taken away is told, and another one taken where there is one", async () => {
    await on(`mv ${JAVA} /root/java; rm -f /usr/lib/jvm/*java*1.17* /usr/lib/jvm/default-java`);
    await shown("h1: Java: expected");
    await bed.hosts.java("h1", 21);
    await shown(`h1 broker-a-0: javaHome: expected /usr/lib/jvm/java-21, found ${JAVA}`);
    await reconciled();
    expect(await on("pgrep -a java | cut -d' ' -f2 | sort -u")).toBe(
      "/usr/lib/jvm/java-21/bin/java\n",
    );
  }, 300_000);
});

describe.each(["4.9.3", "5.5.0"])("a master with its slave, RocketMQ %s", (version) => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await Bed.up({
      name: "drift",
      net: "10.234.0",
      bridge: "br-rmq-dr",
      hosts: 2,
      versions: [version],
    });
  }, 20 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  test(
    "has no drift after its start, nor anything to repair",
    async () => {
      const stack = await bed.stack("drift", {
        clusterName: "test",
        version,
        nameServers: 1,
        machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
        package: { mirror: bed.mirrorUrl },
        exporter: { enabled: false },
        // A slave of RocketMQ 5 makes 30 of it at its start.
        brokerConfig: { accessMessageInMemoryMaxRatio: "40" },
        namesrvJvm: { heapMb: 96 },
        brokerJvm: { heapMb: 256, directMemoryMb: 192 },
      });
      succeeded(await stack.up());
      expect(await drift(stack)).toMatchObject({ code: 0, text: "no drift on 2 machines\n" });
      const nodes = {
        "namesrv-0": ["h1", "mqnamesrv"],
        "broker-a-0": ["h1", "mqbroker@broker-a-0"],
        "broker-a-1": ["h2", "mqbroker@broker-a-1"],
      } as const;
      const before = await processes(bed, nodes);
      await stack.configure({ reconcile: "now" });
      succeeded(await stack.up());
      expect(await processes(bed, nodes)).toEqual(before);
    },
    20 * 60_000,
  );
});
