import { compareVersions, has } from "./versions";

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
  since?: string;
  /** RocketMQ's own value, which a key that the user takes out goes back to. */
  usual: string;
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
  { key: "inSyncReplicas", since: "5.0.0", usual: "1", reason: READ_AT_EACH_USE },
  {
    key: "maxMessageSize",
    since: "5.5.0",
    usual: "4194304",
    reason: "Seen on 5.5.0. On 4.9.3 the encoder keeps the size that it was made with.",
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
  const hot =
    key === "namesrvAddr"
      ? has("hotNamesrvAddr", version)
      : HOT_KEYS.some(
          (row) =>
            row.key === key &&
            (row.since === undefined || compareVersions(version, row.since) >= 0),
        );
  return hot ? KeyChange.Hot : KeyChange.Restart;
}

/**
 * The hot keys with RocketMQ's own values. They are always written, so that a key which the user
 * takes out is a change like any other: shown in the preview, and applied online.
 */
export function hotDefaults(version: string): Record<string, string> {
  return Object.fromEntries(
    HOT_KEYS.filter(({ key }) => keyChange(key, version) === KeyChange.Hot).map(
      ({ key, usual }) => [key, usual],
    ),
  );
}

/** The hot ones of these keys, sorted. */
export function hotKeysOf(keys: readonly string[], version: string): string[] {
  return keys.filter((key) => keyChange(key, version) === KeyChange.Hot).sort();
}
