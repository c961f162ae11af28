import { HOT_KEYS, KeyChange, keyChange } from "../../../rocketmq/src/config/hotKeys";
import { TESTED_VERSIONS } from "../../../rocketmq/src/config/versions";
import { Bed } from "../../src/bed";
import { restarted, startTimes } from "../../src/processes";
import { brokerConfig, Remoting } from "../../src/remoting";
import { Code, maxOffset, pull, Response, send } from "../support/messages";

/**
 * A broker says success for any key: each that our table calls hot is changed in a running broker,
 * and what the broker does is looked at before and after. A host for each version, all at once.
 */
const hostOf = (version: string) => `h${TESTED_VERSIONS.indexOf(version) + 1}`;

const TOPIC = "ORDERS";
const HALF_TOPIC = "RMQ_SYS_TRANS_HALF_TOPIC";

/** How long what must not happen is waited for: the broker's timers that it would come from run every 1 or 2 s. */
const QUIET_MS = 8_000;
/** RocketMQ 4.9.7 reads the name servers every 2 minutes. */
const PATIENCE_MS = 300_000;

/** One version's host, with a name server and a broker. */
interface Scene {
  version: string;
  host: string;
  bed: Bed;
  /** Where the broker answers. */
  address: string;
  broker: Remoting;
  /** When the broker begins to look for old files: a minute after its start. */
  cleaning: number;
  /** Half messages so far. */
  halves: number;
}

type Values = [before: string, after: string];

interface Effect {
  /** What the key is before and after. */
  values: Values | ((scene: Scene) => Values);
  /** Other keys that make the effect visible. */
  given?: Record<string, string>;
  /** Whether the broker does what the second value asks for. */
  seen: (scene: Scene) => Promise<boolean>;
  /**
   * A timer of the broker's does it: not at once, and what it does stays done. Those of one name
   * take turns, as they would be in each other's way.
   */
  timer?: "store" | "name servers";
  /** Prepares what a timer is to work on. */
  before?: (scene: Scene) => Promise<void>;
}

const everyHour = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0")).join(";");
/** An hour that is neither now nor soon, in whatever time zone. */
const otherHour = () => String((new Date().getUTCHours() + 12) % 24).padStart(2, "0");

const NAMESRV_PORT = 9876;
const LOG = "/data/rocketmq/broker-a-0/store/commitlog";

/** Log files that were last written a hundred hours ago. */
async function oldFiles({ bed, host }: Scene): Promise<number> {
  return Number(await bed.hosts.check(host, `find ${LOG} -type f -mmin +5900 | wc -l`));
}

/** Some log files, all but the last two of them old. */
async function age(scene: Scene): Promise<void> {
  await sleep(Math.max(0, scene.cleaning - Date.now()));
  const messages = Array.from({ length: 64 }, () => send(scene.broker, TOPIC, { bytes: 64 << 10 }));
  await Promise.all(messages);
  await scene.bed.hosts.check(
    scene.host,
    `cd ${LOG} && ls | head -n -2 | xargs touch -d '-100 hours'`,
  );
  expect(await oldFiles(scene)).toBeGreaterThan(0);
}

const noOldFiles = async (scene: Scene) => (await oldFiles(scene)) === 0;

const namesrv = ({ bed, host }: Scene) => `${bed.address(host)}:${NAMESRV_PORT}`;
/** That of another version. */
const otherNamesrv = (scene: Scene) =>
  namesrv({ ...scene, host: hostOf(scene.version === "5.5.0" ? "4.9.7" : "5.5.0") });

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
  namesrvAddr: {
    values: (scene) => [namesrv(scene), `${namesrv(scene)};${otherNamesrv(scene)}`],
    timer: "name servers",
    seen: async (scene) => {
      const { body } = await Remoting.call(otherNamesrv(scene), Code.ClusterInfo);
      return body.toString().includes(scene.address);
    },
  },
  // Before those that delete its messages.
  transactionTimeOut: {
    values: ["86400000", "1000"],
    before: async (scene) => {
      expect(await send(scene.broker, TOPIC, { half: true })).toMatchObject({ code: 0 });
      scene.halves = await maxOffset(scene.broker, HALF_TOPIC);
    },
    timer: "store",
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
    timer: "store",
    seen: noOldFiles,
  },
  deleteWhen: {
    values: [otherHour(), everyHour],
    given: { fileReservedTime: "99", diskMaxUsedSpaceRatio: "95" },
    before: age,
    timer: "store",
    seen: noOldFiles,
  },
  diskMaxUsedSpaceRatio: {
    values: ["95", "10"],
    given: { fileReservedTime: "99", deleteWhen: otherHour() },
    before: async (scene) => {
      await age(scene);
      // RocketMQ takes 10 for any value below it.
      await scene.bed.hosts.check(scene.host, "fallocate -l 1G /data/filler");
      const used = await scene.bed.hosts.check(scene.host, `df --output=pcent ${LOG} | tail -1`);
      expect(parseInt(used)).toBeGreaterThan(10);
      expect(parseInt(used)).toBeLessThan(85);
    },
    timer: "store",
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

describe("a hot key", () => {
  let bed: Bed;
  let scenes: Scene[] = [];
  /** Proofs of timers by key. All are begun together, since they mostly wait. */
  const begun = new Map<string, Promise<void>[]>();

  beforeAll(async () => {
    const versions = [...TESTED_VERSIONS];
    bed = await Bed.up({
      name: "ch-hot",
      net: "10.237.0",
      bridge: "brch",
      hosts: versions.length,
      versions,
      hostOptions: { disk: "4G" },
    });
    scenes = await Promise.all(versions.map((version) => prepare(bed, version)));
  }, 45 * 60_000);

  afterAll(async () => {
    scenes.forEach(({ broker }) => broker.close());
    await bed?.down();
  }, 120_000);

  const where = (key: string) =>
    scenes.filter(({ version }) => keyChange(key, version) === KeyChange.Hot);

  /** A key's proofs: now, or those of its timer. */
  async function proofs(key: string): Promise<void> {
    if (EFFECTS[key]?.timer === undefined) {
      await Promise.all(where(key).map((scene) => prove(scene, key)));
      return;
    }
    if (begun.size === 0) {
      scenes.forEach((scene) => beginTimers(scene));
    }
    await Promise.all(begun.get(key) ?? []);
  }

  function beginTimers(scene: Scene): void {
    const turns = new Map<string, Promise<void>>();
    for (const [key, { timer }] of Object.entries(EFFECTS)) {
      if (timer !== undefined && where(key).includes(scene)) {
        const before = turns.get(timer)?.catch(() => undefined) ?? Promise.resolve();
        const proof = before.then(() => prove(scene, key));
        // Told by its own test.
        proof.catch(() => undefined);
        turns.set(timer, proof);
        begun.set(key, [...(begun.get(key) ?? []), proof]);
      }
    }
  }

  const atOnce = Object.keys(EFFECTS).filter((key) => EFFECTS[key]?.timer === undefined);
  const byTimers = Object.keys(EFFECTS).filter((key) => !atOnce.includes(key));

  test.each([...atOnce, ...byTimers])(
    "%s is in force without a restart",
    (key) => proofs(key),
    20 * 60_000,
  );

  test("maxMessageSize is accepted and not in force on 4.9.3", async () => {
    for (const scene of scenes.filter(({ version }) => version === "4.9.3")) {
      expect(where("maxMessageSize")).not.toContain(scene);
      await set(scene, { maxMessageSize: "1000" });
      expect(await send(scene.broker, TOPIC, { bytes: 2000 })).toMatchObject({ code: 0 });
      await set(scene, { maxMessageSize: "4194304" });
    }
  });
});

/** A name server and a broker of a version, on the host for it. */
async function prepare(bed: Bed, version: string): Promise<Scene> {
  const host = hostOf(version);
  const key = version.replaceAll(".", "");
  const stack = await bed.stack(`hot${key}`, {
    // Not the others', as a broker registers with another version's name server.
    clusterName: `hot${key}`,
    groups: [{ key: "a", brokerName: `broker${key}` }],
    version,
    nameServers: 1,
    replicasPerGroup: 1,
    machines: [{ name: host, address: bed.address(host) }],
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
      // Timers that need not be waited for long. 4.9 does not know the last one.
      cleanResourceInterval: "1000",
      transactionCheckInterval: "2000",
      updateNameServerAddrPeriod: "2000",
    },
  });
  const { code, text } = await stack.up();
  if (code !== 0) {
    throw new Error(text);
  }
  const address = `${bed.address(host)}:10911`;
  const broker = await Remoting.connect(address);
  expect(await send(broker, TOPIC)).toMatchObject({ code: 0 });
  return { version, host, bed, address, broker, cleaning: Date.now() + 60_000, halves: 0 };
}

/** Changes keys of the running broker, as an update does. */
async function set({ address }: Scene, keys: Record<string, string>): Promise<void> {
  const body = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
  const answer = await Remoting.call(address, Code.UpdateConfig, {}, Buffer.from(body.join("")));
  expect(answer).toMatchObject({ code: 0 });
  expect(await brokerConfig(address)).toMatchObject(keys);
}

/** Has the effect of a key not be there, change the key, and be there; an error names the version. */
async function prove(scene: Scene, key: string): Promise<void> {
  try {
    await proof(scene, key);
  } catch (error) {
    throw new Error(`RocketMQ ${scene.version}: ${key}: ${String(error)}`, { cause: error });
  }
}

async function proof(scene: Scene, key: string): Promise<void> {
  const effect = EFFECTS[key];
  if (!effect) {
    throw new Error("no effect is known");
  }
  const { values, given, timer } = effect;
  const [before, after] = typeof values === "function" ? values(scene) : values;
  const started = await startTimes(scene.bed.hosts);
  const found = await brokerConfig(scene.address);
  await set(scene, { ...given, [key]: before });
  await effect.before?.(scene);
  const seen = () => effect.seen(scene);
  expect(await (timer === undefined ? seen() : within(QUIET_MS, seen))).toBe(false);
  const from = Date.now();
  await set(scene, { [key]: after });
  expect(await within(PATIENCE_MS, seen)).toBe(true);
  const seconds = ((Date.now() - from) / 1000).toFixed(1);
  if (timer === undefined) {
    // And back. Not to the value that it had: a slow machine may well be busy by that.
    await set(scene, { [key]: before });
    expect(await seen()).toBe(false);
  }
  const names = [key, ...Object.keys(given ?? {})];
  await set(scene, Object.fromEntries(names.map((name) => [name, found[name] ?? ""])));
  expect(restarted(started, await startTimes(scene.bed.hosts))).toEqual([]);
  process.stderr.write(`${scene.version} ${key} ${before} -> ${after}: seen in ${seconds} s\n`);
}
