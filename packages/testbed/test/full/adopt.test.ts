import { nothingChanged } from "../../src/stack";
import { AdoptBed, type JavaProcess } from "../support/adoptBed";
import { unnoticed } from "../support/changeCases";
import { drift } from "../support/drift";
import { PLAYBOOK } from "../support/playbook";

/** A cluster that the playbook for RocketMQ 4 has built, taken over with clients at work. */
describe.each(["4.9.3", "5.5.0"])("A cluster of the playbook with RocketMQ %s", (version) => {
  const BROKERS = ["broker-a-0", "broker-a-1", "broker-b-0"] as const;
  const SENT = 300;
  let bed: AdoptBed;
  let before: Record<string, JavaProcess | undefined>;
  let keys: string;
  let built = false;

  beforeAll(async () => {
    bed = await AdoptBed.up(version);
    await bed.playbook();
    ({ keys } = await bed.produce(SENT));
    before = await bed.processes();
    built = Object.values(before).every((one) => one?.user === "root");
  }, 45 * 60_000);

  afterAll(() => bed?.bed.down(), 120_000);

  beforeEach(() => {
    if (!built) {
      throw new Error(`there is no cluster to adopt: ${JSON.stringify(before)}`);
    }
  });

  async function up(): Promise<string> {
    const { code, text } = await bed.stack.up();
    process.stderr.write(`${text}\n`);
    expect({ code, text }).toMatchObject({ code: 0 });
    return text;
  }

  async function allMessages(group: string): Promise<void> {
    expect(await bed.consume(group, keys, SENT)).toMatchObject({ received: SENT });
  }

  const oldFile = (host: string, unit: string) =>
    bed.bed.hosts.check(host, `cat /usr/lib/systemd/system/${unit}.service`);

  test("is refused unless asked for, and nothing is changed", async () => {
    await bed.configure({ adopt: false });
    const run = await bed.stack.up();
    expect(run.code).not.toBe(0);
    expect(run.text).toContain("a RocketMQ that is not ours runs");
    expect(run.text).toContain("or set adopt: true to take it over as it runs");
    expect(await bed.processes()).toEqual(before);
  });

  test("is refused where the program means another one, with what was found", async () => {
    await bed.configure({
      version: version === "4.9.3" ? "4.9.7" : "5.3.3",
      storePathRootDir: "/data/rocketmq/other",
      groups: [
        { key: "a", machines: ["h1", "h2"], brokerName: "broker-x" },
        { key: "b", machines: ["h3"] },
      ],
    });
    const run = await bed.stack.up({ args: ["--continue-on-error"] });
    expect(run.code).not.toBe(0);
    expect(run.text).toContain(
      "broker-a-0: the broker on 10911 has brokerName broker-a, the program says broker-x",
    );
    expect(run.text).toContain(
      `broker-b-0: the broker on 10911 has storePathRootDir ${PLAYBOOK.store}, the program says /data/rocketmq/other`,
    );
    expect(run.text).toContain(`set version: ${version} to adopt it`);
    expect(await bed.processes()).toEqual(before);
    // Nothing was made of it but what Pulumi knows.
    expect((await bed.stack.destroy()).code).toBe(0);
  });

  test("is adopted with the processes that it has, and nobody notices", async () => {
    await bed.configure();
    const preview = await bed.stack.preview();
    expect(preview.text).toContain("broker-a-0: adopt: taken over if it runs already");
    unnoticed(await bed.underLoad(up));
    expect(await bed.processes()).toEqual(before);
    await allMessages("first");
    for (const slot of BROKERS) {
      // What the program has otherwise and RocketMQ takes online, is in force and in the file.
      expect(await bed.key(slot, "diskMaxUsedSpaceRatio")).toEqual({ file: "84", live: "84" });
    }
    const { exporterEndpoint } = await bed.stack.outputs<{ exporterEndpoint: string }>();
    expect(await (await fetch(exporterEndpoint)).text()).toContain("rocketmq_");
  });

  test("has nothing to do then, no drift, and says what it runs from", async () => {
    await up();
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
    const { code, text } = await drift(bed.stack);
    expect(text).toContain(
      "h1 broker-a-0: adopted; runs from its old unit mqbroker until its next restart",
    );
    expect(text).toContain("no drift on 3 machines");
    expect(code).toBe(0);
  });

  test("takes a hot key without a restart, also with adopt taken out", async () => {
    await bed.configure({ adopt: false, brokerConfig: { fileReservedTime: "200" } });
    unnoticed(await bed.underLoad(up));
    expect(await bed.processes()).toEqual(before);
    for (const slot of BROKERS) {
      expect(await bed.key(slot, "fileReservedTime")).toEqual({ file: "200", live: "200" });
    }
  });

  test("comes up once after a reboot, from its old units", async () => {
    await bed.bed.hosts.stop("h3");
    await bed.bed.hosts.start("h3");
    await bed.allUp();
    const now = await bed.processes();
    expect(now["broker-b-0"]).toMatchObject({ unit: "mqbroker.service", user: "root" });
    before = now;
  });

  test("is put back on its old unit where the new release does not start", async () => {
    await bed.configure({
      adopt: false,
      brokerConfig: { fileReservedTime: "200" },
      brokerJvm: { heapMb: 160, directMemoryMb: 160, options: ["-XX:+NoSuchOption"] },
    });
    unnoticed(
      await bed.underLoad(async () => {
        const run = await bed.stack.up();
        process.stderr.write(`${run.text}\n`);
        expect(run.code).not.toBe(0);
        expect(run.text).toContain("Unrecognized VM option 'NoSuchOption'");
        expect(run.text).toContain("the last good release was put back and runs");
      }),
    );
    const now = await bed.processes();
    // The first in rolling order; the others were not touched.
    expect(now["broker-a-1"]).toMatchObject({ unit: "mqbroker.service", user: "root" });
    expect(now["broker-a-1"]?.pid).not.toBe(before["broker-a-1"]?.pid);
    expect({ ...now, "broker-a-1": undefined }).toEqual({ ...before, "broker-a-1": undefined });
    const state = await bed.bed.hosts.check(
      "h2",
      `stat -c %U ${PLAYBOOK.store} ${PLAYBOOK.store}/commitlog; systemctl is-enabled mqbroker; ` +
        "ls /etc/systemd/system | grep -c 'mqbroker' || true",
    );
    expect(state.trim().split("\n")).toEqual(["root", "root", "enabled", "0"]);
    before = now;
  });

  test("moves to our units with the first restart that is due, and nobody notices", async () => {
    await bed.configure({
      adopt: false,
      brokerConfig: { fileReservedTime: "200", pullMessageThreadPoolNums: "18" },
      namesrvConfig: { serverWorkerThreads: "9" },
    });
    unnoticed(await bed.underLoad(up));
    const now = await bed.processes();
    for (const [slot, host] of Object.entries(bed.nodes)) {
      const own = slot.startsWith("namesrv") ? "mqnamesrv" : `mqbroker@${slot}`;
      expect(now[slot]).toMatchObject({ unit: `${own}.service`, user: "rocketmq" });
      expect(now[slot]?.pid).not.toBe(before[slot]?.pid);
      expect(await oldFile(host, slot.startsWith("namesrv") ? "mqnamesrv" : "mqbroker")).toContain(
        "ExecStop",
      );
    }
    // The order of the topic, which the name server had in a file of its own.
    const kept = await bed.bed.hosts.check("h1", "cat /data/rocketmq/namesrv-0/kvConfig.json");
    expect(kept).toContain("ORDER_TOPIC_CONFIG");
    await allMessages("second");
    const { code, text } = await drift(bed.stack);
    expect({ code, text }).toEqual({ code: 0, text: "no drift on 3 machines\n" });
    before = now;
  });

  test("comes up once after a reboot, from our units", async () => {
    await bed.bed.hosts.stop("h1");
    await bed.bed.hosts.start("h1");
    await bed.allUp();
    expect(await bed.processes()).toMatchObject({
      "namesrv-0": { unit: "mqnamesrv.service", user: "rocketmq" },
      "broker-a-0": { unit: "mqbroker@broker-a-0.service", user: "rocketmq" },
    });
    await up();
    expect(nothingChanged(await bed.stack.lastChanges())).toBe(true);
  });
});
