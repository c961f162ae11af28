import { HOT_KEYS, KeyChange, keyChange } from "../../../rocketmq/src/config/hotKeys";
import { Bed } from "../../src/bed";
import { restarted, startTimes } from "../../src/processes";
import { brokerConfig, Remoting } from "../../src/remoting";
import { Code, maxOffset, pull, Response, send } from "../support/messages";

/**
 * A broker says success for any key: each that our table calls hot is changed in a running broker,
 * and what the broker does is looked at before and after.
 */
const TOPIC = "ORDERS";
const HALF_TOPIC = "RMQ_SYS_TRANS_HALF_TOPIC";
const ADDRESS_PORT = 10911;

/** How long what must not happen is waited for: the broker's timers that it would come from run every 10 s. */
const QUIET_MS = 25_000;
const PATIENCE_MS = 120_000;

interface Scene {
  bed: Bed;
  broker: Remoting;
  set: (keys: Record<string, string>) => Promise<void>;
  /** When the broker begins to look for old files: a minute after its start. */
  cleaning: number;
  /** Half messages so far. */
  halves: number;
}

interface Effect {
  /** What the key is before and after. */
  values: [before: string, after: string];
  /** Other keys that make the effect visible. */
  given?: Record<string, string>;
  /** Whether the broker does what the second value asks for. */
  seen: (scene: Scene) => Promise<boolean>;
  /** A timer of the broker's does it: not at once, and what it does stays done. */
  later?: true;
  /** Prepares what a timer is to work on. */
  before?: (scene: Scene) => Promise<void>;
}

const everyHour = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0")).join(";");
/** An hour that is neither now nor soon, in whatever time zone. */
const otherHour = () => String((new Date().getUTCHours() + 12) % 24).padStart(2, "0");

const LOG = "/data/rocketmq/broker-a-0/store/commitlog";

/** Log files that were last written a hundred hours ago. */
async function oldFiles({ bed }: Scene): Promise<number> {
  return Number(await bed.hosts.check("h1", `find ${LOG} -type f -mmin +5900 | wc -l`));
}

/** Some log files, all but the last two of them old. */
async function age(scene: Scene): Promise<void> {
  await sleep(Math.max(0, scene.cleaning - Date.now()));
  const messages = Array.from({ length: 64 }, () => send(scene.broker, TOPIC, { bytes: 64 << 10 }));
  await Promise.all(messages);
  await scene.bed.hosts.check("h1", `cd ${LOG} && ls | head -n -2 | xargs touch -d '-100 hours'`);
  expect(await oldFiles(scene)).toBeGreaterThan(0);
}

const noOldFiles = async (scene: Scene) => (await oldFiles(scene)) === 0;

/** Whether some of many sends at once are refused as busy with this remark. */
async function busy({ broker }: Scene, remark: RegExp): Promise<boolean> {
  const answers = await Promise.all(Array.from({ length: 1000 }, () => send(broker, TOPIC)));
  return answers.some((it) => it.code === Response.SystemBusy && remark.test(it.remark ?? ""));
}

/** By key; a key of the table that is not here fails the test. */
const EFFECTS: Record<string, Effect> = {
  waitTimeMillsInSendQueue: {
    values: ["60000", "0"],
    seen: (scene) => busy(scene, /TIMEOUT_CLEAN_QUEUE/),
  },
  osPageCacheBusyTimeOutMills: {
    // Longer than any put has been in the lock; and shorter.
    values: ["60000", "-1"],
    given: { waitTimeMillsInSendQueue: "60000" },
    seen: (scene) => busy(scene, /PCBUSY_CLEAN_QUEUE|PC_SYNCHRONIZED|REJECTREQUEST/),
  },
  slaveReadEnable: {
    values: ["false", "true"],
    // The broker was started to think that what it hands out is not in memory.
    seen: async ({ broker }) =>
      (await pull(broker, TOPIC, "readers")).fields["suggestWhichBrokerId"] !== "0",
  },
  transactionTimeOut: {
    values: ["86400000", "1000"],
    before: async (scene) => {
      expect(await send(scene.broker, TOPIC, { half: true })).toMatchObject({ code: 0 });
      scene.halves = await maxOffset(scene.broker, HALF_TOPIC);
    },
    later: true,
    // Asked about, a half message is written again behind the others.
    seen: async ({ broker, halves }) => (await maxOffset(broker, HALF_TOPIC)) > halves,
  },
  rejectTransactionMessage: {
    values: ["false", "true"],
    given: { transactionTimeOut: "86400000" },
    seen: async ({ broker }) =>
      (await send(broker, TOPIC, { half: true })).code === Response.NoPermission,
  },
  autoCreateSubscriptionGroup: {
    values: ["true", "false"],
    seen: async ({ broker }) =>
      (await pull(broker, TOPIC, `group-${process.hrtime.bigint()}`)).code === Response.NoSuchGroup,
  },
  inSyncReplicas: {
    values: ["1", "2"],
    // A master that waits for slaves, and has none.
    given: { brokerRole: "SYNC_MASTER" },
    seen: async ({ broker }) => (await send(broker, TOPIC)).code !== Response.Success,
  },
  maxMessageSize: {
    values: ["4194304", "1000"],
    seen: async ({ broker }) =>
      (await send(broker, TOPIC, { bytes: 2000 })).code === Response.MessageIllegal,
  },
  fileReservedTime: {
    values: ["168", "99"],
    given: { deleteWhen: everyHour, diskMaxUsedSpaceRatio: "95" },
    before: age,
    later: true,
    seen: noOldFiles,
  },
  deleteWhen: {
    values: [otherHour(), everyHour],
    given: { fileReservedTime: "99", diskMaxUsedSpaceRatio: "95" },
    before: age,
    later: true,
    seen: noOldFiles,
  },
  diskMaxUsedSpaceRatio: {
    values: ["95", "10"],
    given: { fileReservedTime: "99", deleteWhen: otherHour() },
    before: async (scene) => {
      await age(scene);
      // RocketMQ takes 10 for any value below it.
      await scene.bed.hosts.check("h1", "fallocate -l 1G /data/filler");
      const used = await scene.bed.hosts.check("h1", `df --output=pcent ${LOG} | tail -1`);
      expect(parseInt(used)).toBeGreaterThan(10);
      expect(parseInt(used)).toBeLessThan(85);
    },
    later: true,
    seen: noOldFiles,
  },
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether it is seen, at once or within the time. */
async function within(ms: number, seen: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; ; await sleep(500)) {
    if (await seen()) {
      return true;
    }
    if (Date.now() > end) {
      return false;
    }
  }
}

test("every hot key of the table is tried", () => {
  expect(Object.keys(EFFECTS).sort()).toEqual(HOT_KEYS.map(({ key }) => key).sort());
});

describe.each(["5.5.0", "4.9.3"])("RocketMQ %s", (version) => {
  const hot = HOT_KEYS.map(({ key }) => key)
    .filter((key) => keyChange(key, version) === KeyChange.Hot)
    // What takes a timer of the broker's comes last.
    .sort((a, b) => Number(EFFECTS[a]?.later ?? false) - Number(EFFECTS[b]?.later ?? false));
  let scene: Scene;
  let address: string;

  beforeAll(async () => {
    const bed = await Bed.up({
      name: "roll-hot",
      net: "10.233.3",
      bridge: "br-rmq-rd",
      hosts: 1,
      versions: [version],
      hostOptions: { disk: "4G" },
    });
    const set = async (keys: Record<string, string>) => {
      const body = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
      const answer = await Remoting.call(
        address,
        Code.UpdateConfig,
        {},
        Buffer.from(body.join("")),
      );
      expect(answer).toMatchObject({ code: 0 });
      expect(await brokerConfig(address)).toMatchObject(keys);
    };
    scene = { bed, set } as Scene;
    const stack = await bed.stack("hot", {
      version,
      nameServers: 1,
      brokerGroups: 1,
      replicasPerGroup: 1,
      machines: bed.hosts.hosts.map(({ name, address: at }) => ({ name, address: at })),
      package: { mirror: bed.mirrorUrl },
      exporter: { enabled: false },
      topics: { [TOPIC]: { writeQueueNums: 1, readQueueNums: 1 } },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
      brokerConfig: {
        // One at a time, so that a queue forms.
        sendMessageThreadPoolNums: "1",
        // Small files, of which there are soon some to delete.
        mappedFileSizeCommitLog: "1048576",
        accessMessageInMemoryMaxRatio: "0",
        transactionCheckInterval: "2000",
      },
    });
    const { code, text } = await stack.up();
    if (code !== 0) {
      throw new Error(text);
    }
    address = `${bed.address("h1")}:${ADDRESS_PORT}`;
    scene.broker = await Remoting.connect(address);
    expect(await send(scene.broker, TOPIC)).toMatchObject({ code: 0 });
    scene.cleaning = Date.now() + 60_000;
  }, 45 * 60_000);

  afterAll(async () => {
    scene?.broker?.close();
    await scene?.bed.down();
  }, 120_000);

  test.each(hot)("%s is in force at once, without a restart", async (key) => {
    const effect = EFFECTS[key];
    if (!effect) {
      throw new Error(`no effect of ${key} is known`);
    }
    const [before, after] = effect.values;
    const started = await startTimes(scene.bed.hosts);
    const found = await brokerConfig(address);
    await scene.set({ ...effect.given, [key]: before });
    await effect.before?.(scene);
    const seen = () => effect.seen(scene);
    expect(await (effect.later ? within(QUIET_MS, seen) : seen())).toBe(false);
    await scene.set({ [key]: after });
    expect(await within(PATIENCE_MS, seen)).toBe(true);
    // And back.
    const names = [key, ...Object.keys(effect.given ?? {})];
    await scene.set(Object.fromEntries(names.map((name) => [name, found[name] ?? ""])));
    if (!effect.later) {
      expect(await seen()).toBe(false);
    }
    expect(restarted(started, await startTimes(scene.bed.hosts))).toEqual([]);
    process.stderr.write(`${key} ${before} -> ${after}: seen\n`);
  });

  // What the table rightly calls a restart.
  if (!hot.includes("maxMessageSize")) {
    test("maxMessageSize is accepted and not in force", async () => {
      await scene.set({ maxMessageSize: "1000" });
      expect(await send(scene.broker, TOPIC, { bytes: 2000 })).toMatchObject({ code: 0 });
      await scene.set({ maxMessageSize: "4194304" });
    });
  }
});
