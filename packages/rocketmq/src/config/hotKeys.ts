import { inRange, type VersionRange } from "./versions";

/** What changing a key of broker.conf costs. */
export const KeyChange = {
  /** Applied to the running broker. */
  Hot: "hot",
  /** Rolling restart. */
  Restart: "restart",
  /** Would lose data or identity. */
  Refused: "refused",
} as const;
export type KeyChange = (typeof KeyChange)[keyof typeof KeyChange];

interface HotKey {
  key: string;
  /** Absent: every supported version. */
  in?: readonly VersionRange[];
  /**
   * RocketMQ's own value, which a key that the user takes out goes back to. Absent: the key has an
   * argument of its own, so it is always there.
   */
  usual?: string;
  /** Why we know. */
  reason: string;
}

const READ_AT_EACH_USE = "The broker reads it at each use.";

/**
 * Keys that a running broker takes over. `updateBrokerConfig` accepts any key and says success, so
 * only a key that is known to take effect is here; every other one costs a restart.
 */
export const HOT_KEYS: readonly HotKey[] = [
  { key: "fileReservedTime", usual: "72", reason: READ_AT_EACH_USE },
  { key: "deleteWhen", usual: "04", reason: READ_AT_EACH_USE },
  { key: "diskMaxUsedSpaceRatio", usual: "75", reason: READ_AT_EACH_USE },
  { key: "waitTimeMillsInSendQueue", usual: "200", reason: READ_AT_EACH_USE },
  { key: "osPageCacheBusyTimeOutMills", usual: "1000", reason: READ_AT_EACH_USE },
  { key: "slaveReadEnable", usual: "false", reason: READ_AT_EACH_USE },
  { key: "transactionTimeOut", usual: "6000", reason: READ_AT_EACH_USE },
  { key: "rejectTransactionMessage", usual: "false", reason: READ_AT_EACH_USE },
  { key: "autoCreateSubscriptionGroup", usual: "true", reason: READ_AT_EACH_USE },
  { key: "inSyncReplicas", in: [{ from: "5.0.0" }], usual: "1", reason: READ_AT_EACH_USE },
  {
    key: "maxMessageSize",
    in: [{ from: "4.9.7", before: "5.0.0" }, { from: "5.3.3" }],
    usual: "4194304",
    reason:
      "Seen on 4.9.7, 5.3.3 and 5.5.0; nobody looked in between. On 4.9.3 the encoder keeps the size that it was made with.",
  },
  {
    key: "namesrvAddr",
    in: [{ from: "4.9.4" }],
    reason:
      "Read again 10 s after the start, then every 120 s. Before 4.9.4 only at the start (96 s were watched on 4.9.3), so new name servers need a rolling restart there.",
  },
];

type Conf = Readonly<Record<string, string>>;

interface RefusedKey {
  key: string;
  /** Why it may not change. */
  reason: string;
  /** What to do instead. */
  remedy: string;
  /** RocketMQ's own value: to write it down, or to take it out again, changes nothing. */
  usual?: string;
  /** A change that leaves everything where it is found. */
  harmless?: (from: Conf, to: Conf) => boolean;
}

const OTHER_GROUP =
  "Set it back, or give it to a new broker group (groups[].brokerConfig) and take this one out (decommission).";
const OTHER_SIZE = "The store does not load files of another size.";

/** Keys that must not change once the broker has a store. */
export const REFUSED_KEYS: readonly RefusedKey[] = [
  {
    key: "brokerClusterName",
    reason:
      "Clients and the other brokers know it by this name, and brokers of a renamed cluster leave their topics behind.",
    remedy: "Set clusterName back, or raise a second cluster.",
  },
  {
    key: "brokerName",
    reason:
      "Consumers' offsets belong to it: a renamed broker registers as a second one and takes no data along.",
    remedy:
      "Set it back, or add a broker group with the new name and take this one out (decommission).",
  },
  {
    key: "brokerId",
    reason: "A slave would become a master, or the other way round.",
    remedy: "Set it back, or add a replica and remove this one.",
  },
  {
    key: "storePathRootDir",
    reason: "The messages stay behind: the broker would start with an empty store.",
    remedy:
      "Set it back (a bigger disk is mounted at the old path), or give the new path to a new broker group (groups[].storePathRootDir) and take this one out (decommission).",
  },
  {
    key: "storePathCommitLog",
    reason: "The messages stay behind.",
    remedy: `${OTHER_GROUP} Further folders may be added, after a comma; one that shall be filled no further is named in readOnlyCommitLogStorePaths as well.`,
    harmless: keepsCommitLogs,
  },
  {
    key: "readOnlyCommitLogStorePaths",
    reason: "The messages of a folder that is in no list any more are not found.",
    remedy: "Set it back; a folder in the list that is empty by now does no harm.",
    harmless: keepsCommitLogs,
  },
  {
    key: "mappedFileSizeCommitLog",
    reason: OTHER_SIZE,
    remedy: OTHER_GROUP,
    usual: "1073741824",
  },
  {
    key: "mappedFileSizeConsumeQueue",
    reason: OTHER_SIZE,
    remedy: OTHER_GROUP,
    usual: "6000000",
  },
  {
    key: "mappedFileSizeTimerLog",
    reason: OTHER_SIZE,
    remedy: OTHER_GROUP,
    usual: "104857600",
  },
  {
    key: "timerPrecisionMs",
    reason:
      "The timer wheel counts in it: timer messages that are in there already would not be delivered.",
    remedy: OTHER_GROUP,
    usual: "1000",
  },
  {
    key: "storeType",
    reason: "The store is not converted.",
    remedy: OTHER_GROUP,
    usual: "default",
  },
  {
    key: "enableDLegerCommitLog",
    reason: "The commit log has another form.",
    remedy: "Set it back.",
    usual: "false",
  },
  {
    key: "enableControllerMode",
    reason: "Roles and ids are kept in another place.",
    remedy: "Set it back.",
    usual: "false",
  },
  {
    key: "storePathEpochFile",
    reason: "With a controller, the broker would not know which part of its log is which master's.",
    remedy: "Set it back.",
  },
  {
    key: "storePathBrokerIdentity",
    reason: "With a controller, the broker would not know its id any more, and get a new one.",
    remedy: "Set it back.",
  },
];

/** Why a key may not change so, and what to do instead; nothing where it costs no data. */
export function refusedChange(key: string, from: Conf, to: Conf): string | undefined {
  const row = REFUSED_KEYS.find((refused) => refused.key === key);
  const value = (conf: Conf) => conf[key] ?? row?.usual;
  return value(from) === value(to) || row?.harmless?.(from, to) === true ? undefined : refusal(key);
}

/** Why a key may not change, and what to do instead; nothing where it may. */
export function refusal(key: string): string | undefined {
  const row = REFUSED_KEYS.find((refused) => refused.key === key);
  return row && `${row.reason} ${row.remedy}`;
}

/** Whether every commit log file that RocketMQ finds now is found after the change. */
function keepsCommitLogs(from: Conf, to: Conf): boolean {
  const found = new Set(commitLogs(to));
  return commitLogs(from).every((folder) => found.has(folder));
}

/** As RocketMQ reads them: folders to read only count beside several others. */
function commitLogs(conf: Conf): string[] {
  const folders = split(conf["storePathCommitLog"]);
  return folders.length < 2 ? folders : [...folders, ...split(conf["readOnlyCommitLogStorePaths"])];
}

function split(folders = ""): string[] {
  return folders.split(",").filter((folder) => folder.trim() !== "");
}

interface RestartKey {
  key: string;
  /** Why it is not applied online. */
  reason: string;
}

const READ_AT_START = "Read at the start only.";

/**
 * Keys that the library sets, and that the next start takes over. Every key that is in none of the
 * tables costs the same. Some break a running broker, as was measured.
 */
export const RESTART_KEYS: readonly RestartKey[] = [
  { key: "flushDiskType", reason: "Applied online, every send fails until it is set back." },
  { key: "brokerRole", reason: "Accepted by 5.5.0 without an effect on acknowledgements." },
  { key: "listenPort", reason: "Stored and shown, but the port changes at the next restart." },
  {
    key: "haListenPort",
    reason: "Slaves are told of it, but the port changes at the next restart.",
  },
  { key: "brokerIP1", reason: "The address that goes into stored messages is made at the start." },
  { key: "brokerIP2", reason: "Nobody has watched a running broker take it over." },
  { key: "autoCreateTopicEnable", reason: "The topic that others are made from is made at start." },
  { key: "sendMessageThreadPoolNums", reason: READ_AT_START },
  { key: "sendThreadPoolQueueCapacity", reason: READ_AT_START },
  { key: "useReentrantLockWhenPutMessage", reason: READ_AT_START },
  {
    key: "transferMsgByHeap",
    reason: "Comes and goes with transientStorePoolEnable, which is read at the start.",
  },
  { key: "totalReplicas", reason: "How many replicas are alive is taken from it at the start." },
  { key: "metricsPromExporterPort", reason: "The port is opened at the start." },
];

/** What changing `key` costs on `version`. A key that is not in the table: a restart. */
export function keyChange(key: string, version: string): KeyChange {
  if (REFUSED_KEYS.some((refused) => refused.key === key)) {
    return KeyChange.Refused;
  }
  const hot = HOT_KEYS.some(
    (row) => row.key === key && (row.in?.some((range) => inRange(version, range)) ?? true),
  );
  return hot ? KeyChange.Hot : KeyChange.Restart;
}

/**
 * The hot keys with RocketMQ's own values. They are always written, so that a key which the user
 * takes out is a change like any other: shown in the preview, and applied online.
 */
export function hotDefaults(version: string): Record<string, string> {
  return Object.fromEntries(
    HOT_KEYS.flatMap(({ key, usual }) =>
      usual !== undefined && keyChange(key, version) === KeyChange.Hot ? [[key, usual]] : [],
    ),
  );
}

/** The hot ones of these keys, sorted. */
export function hotKeysOf(keys: readonly string[], version: string): string[] {
  return keys.filter((key) => keyChange(key, version) === KeyChange.Hot).sort();
}
