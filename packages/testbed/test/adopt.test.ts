import { AdoptBed, type JavaProcess, ONE_BROKER } from "./support/adoptBed";
import { PLAYBOOK } from "./support/playbook";
import { succeeded } from "./support/succeeded";

/**
 * A broker and a name server that the playbook for RocketMQ 4 has built, taken over: without a
 * restart, and by our own units with the first one that is due. More of it in the full tests.
 */
describe("what a playbook has built", () => {
  const SENT = 100;
  let bed: AdoptBed;
  let before: Record<string, JavaProcess | undefined>;
  let keys: string;

  beforeAll(async () => {
    bed = await AdoptBed.up("4.9.3", ONE_BROKER);
    await bed.playbook();
    ({ keys } = await bed.produce(SENT));
    before = await bed.processes();
  }, 45 * 60_000);

  afterAll(() => bed?.bed.down(), 120_000);

  test("is adopted with the processes that it has", async () => {
    await bed.configure();
    succeeded(await bed.stack.up());
    expect(await bed.processes()).toEqual(before);
    expect(await bed.key("broker-a-0", "diskMaxUsedSpaceRatio")).toEqual({
      file: "84",
      live: "84",
    });
  });

  test("moves to our units with the first restart that is due, messages and all", async () => {
    await bed.configure({
      brokerConfig: { pullMessageThreadPoolNums: "18" },
      namesrvConfig: { serverWorkerThreads: "9" },
    });
    succeeded(await bed.stack.up());
    expect(await bed.processes()).toMatchObject({
      "namesrv-0": { unit: "mqnamesrv.service", user: "rocketmq" },
      "broker-a-0": { unit: "mqbroker@broker-a-0.service", user: "rocketmq" },
    });
    expect(await bed.bed.hosts.check("h1", `stat -c %U ${PLAYBOOK.store}/commitlog`)).toBe(
      "rocketmq\n",
    );
    expect(await bed.consume("first", keys, SENT)).toMatchObject({ received: SENT });
  });
});
