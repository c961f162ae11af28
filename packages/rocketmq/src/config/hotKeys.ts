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

interface RefusedKey {
  key: string;
  reason: string;
}

/** Keys that must not change once the broker has a store. */
export const REFUSED_KEYS: readonly RefusedKey[] = [
  { key: "brokerClusterName", reason: "Clients and the other brokers know it by this name." },
  { key: "brokerName", reason: "Consumers' offsets belong to it; a second broker would appear." },
  { key: "brokerId", reason: "A slave would become a master, or the other way round." },
  { key: "storePathRootDir", reason: "The messages stay behind." },
  { key: "storePathCommitLog", reason: "The messages stay behind." },
  { key: "storePathConsumeQueue", reason: "The queues stay behind." },
  { key: "storePathIndex", reason: "The index stays behind." },
  { key: "mappedFileSizeCommitLog", reason: "The store does not load files of another size." },
  { key: "mappedFileSizeConsumeQueue", reason: "The store does not load files of another size." },
  { key: "storeType", reason: "The store is not converted." },
  { key: "enableDLegerCommitLog", reason: "The commit log has another form." },
  { key: "enableControllerMode", reason: "Roles and ids are kept in another place." },
];

/** Changes that break a running broker, measured; therefore never in the table above. */
export const NEVER_HOT: readonly RefusedKey[] = [
  { key: "flushDiskType", reason: "Applied online, every send fails until it is set back." },
  { key: "brokerName", reason: "Applied online, a second broker registers." },
  { key: "listenPort", reason: "Stored and shown, but the port changes at the next restart." },
  { key: "autoCreateTopicEnable", reason: "The topic that others are made from is made at start." },
  { key: "brokerRole", reason: "Accepted by 5.5.0 without an effect on acknowledgements." },
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
