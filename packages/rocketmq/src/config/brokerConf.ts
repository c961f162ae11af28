import type { BrokerSettings } from "../spec/resolved";
import { brokerMetricsPort } from "../topology/ports";
import type { BrokerSlot } from "../topology/types";
import { hotDefaults } from "./hotKeys";
import { type Gate, has } from "./versions";

/** What a tuned value may depend on. */
interface Situation {
  version: string;
  slot: Pick<BrokerSlot, "index" | "replicas" | "ports">;
  broker: Pick<BrokerSettings, "role" | "flushDiskType">;
  /** The user's own keys, the group's over the cluster's. */
  user: Record<string, string>;
}

/** A key of broker.conf that we set and the user may set otherwise. */
interface TunedKey {
  key: string;
  value: string | ((situation: Situation) => string);
  /** Absent: always. */
  when?: (situation: Situation) => boolean;
  since?: Gate;
  reason: string;
}

const syncFlush = ({ broker }: Situation) => broker.flushDiskType === "SYNC_FLUSH";
const waitsForSlave = ({ broker, slot }: Situation) =>
  broker.role === "SYNC_MASTER" && slot.replicas > 1;

/** The tuned values and why. RocketMQ's own default in brackets. */
export const TUNED_BROKER_KEYS: readonly TunedKey[] = [
  {
    key: "autoCreateTopicEnable",
    value: "false",
    reason:
      "[true] A topic that makes itself lives on the one broker that got the first message. Declare topics instead.",
  },
  {
    key: "sendMessageThreadPoolNums",
    value: (situation) => (syncFlush(situation) ? "8" : "4"),
    reason:
      "[processors, at most 4] Enough while a send only writes to memory; more with SYNC_FLUSH, where sends wait for the disk.",
  },
  {
    key: "useReentrantLockWhenPutMessage",
    value: "true",
    when: syncFlush,
    reason:
      "[spin lock in 4.9] With many send threads, threads that spin for the lock take the processor from the one that holds it.",
  },
  {
    key: "waitTimeMillsInSendQueue",
    value: "1000",
    reason:
      "[200] A send that waits longer is refused (TIMEOUT_CLEAN_QUEUE). A collection or a slow disk takes more than 200 ms now and then; clients give up after 3 s.",
  },
  {
    key: "sendThreadPoolQueueCapacity",
    value: "20000",
    reason: "[10000] Room for a second's peak, which the line above allows to wait.",
  },
  {
    key: "osPageCacheBusyTimeOutMills",
    value: "1500",
    reason:
      "[1000] Above it every send is refused as busy. Longer than waitTimeMillsInSendQueue, so that one slow write does not refuse them all.",
  },
  {
    key: "diskMaxUsedSpaceRatio",
    value: "75",
    reason:
      "[75] Percent of the disk above which expired files go at any hour, not only at deleteWhen. Must stay below 85, where files go whatever their age, and 90, where sends are refused.",
  },
  {
    key: "fileReservedTime",
    value: "168",
    reason: "[72 hours] A week to read again; a fuller disk removes files earlier anyway.",
  },
  {
    key: "slaveReadEnable",
    value: "true",
    when: ({ slot }) => slot.index > 0,
    reason:
      "[false] On slaves. Otherwise a slave sends every consumer back to the master, and while the master is away nobody reads.",
  },
  {
    key: "transferMsgByHeap",
    value: "false",
    when: ({ user }) => user.transientStorePoolEnable === "true",
    reason:
      "[true] With the transient store pool, messages are handed out from the page cache and not copied through the heap.",
  },
  {
    key: "metricsPromExporterPort",
    value: ({ slot }) => String(brokerMetricsPort(slot.ports.listen)),
    when: ({ user }) => user.metricsExporterType?.toUpperCase() === "PROM",
    since: "promExporter",
    reason:
      "[5557] With metricsExporterType PROM: the broker's port and two, since 5557 is the exporter's, and one for all brokers of a machine.",
  },
  {
    key: "totalReplicas",
    value: ({ slot }) => String(slot.replicas),
    when: waitsForSlave,
    since: "inSyncReplicas",
    reason: "[1] Brokers of the group, the master included.",
  },
  {
    key: "inSyncReplicas",
    value: "2",
    when: waitsForSlave,
    since: "inSyncReplicas",
    reason:
      "[1] Without it SYNC_MASTER acknowledges without its slave (seen on 5.5.0). Two: the master and one slave.",
  },
];

/** What we considered and leave at RocketMQ's own value. */
export const BROKER_KEYS_LEFT: readonly { key: string; reason: string }[] = [
  {
    key: "autoCreateSubscriptionGroup",
    reason:
      "[true] Unlike a topic, a group is made on every broker that its consumers ask; false would make each first consumer fail.",
  },
  { key: "maxMessageSize", reason: "[4 MiB] Clients refuse larger ones by themselves." },
  { key: "messageDelayLevel", reason: "[1s ... 2h] Shared with every consumer's expectations." },
  { key: "deleteWhen", reason: "[04] Four in the morning, in the time zone of the machine." },
];

/** Keys that come from an argument of their own: key to the argument. */
export const OWNED_BROKER_KEYS: Readonly<Record<string, string>> = {
  brokerClusterName: "clusterName",
  brokerName: "groups[].brokerName",
  brokerId: "the broker's place in its group",
  brokerRole: "brokerRole",
  flushDiskType: "flushDiskType",
  namesrvAddr: "the name servers of the cluster",
  brokerIP1: "machines[].advertise",
  brokerIP2: "machines[].haAddress",
  listenPort: "ports.broker or groups[].port",
  haListenPort: "ports.broker or groups[].port",
  fastListenPort: "ports.broker or groups[].port",
  storePathRootDir: "storePathRootDir or groups[].storePathRootDir",
  brokerPermission:
    "decommission, or the drain before a restart, which closes and reopens the broker",
  rocketmqHome: "paths.deploy",
  brokerConfigPath: "paths.deploy",
};

/** What a broker is, apart from how it is tuned. */
export interface BrokerIdentity {
  cluster: string;
  brokerName: string;
  namesrv: string[];
  advertise: string;
  haAddress: string;
  /** `<data>/<slot>/store` */
  store: string;
}

/** The whole broker.conf. The user's keys win over the tuned ones, the owned ones over all. */
export function brokerConf(
  version: string,
  slot: BrokerSlot,
  broker: BrokerSettings,
  groupConf: Record<string, string>,
  identity: BrokerIdentity,
): Record<string, string> {
  const user = { ...broker.conf, ...groupConf };
  return {
    ...hotDefaults(version),
    ...tunedKeys({ version, slot, broker, user }),
    storePathCommitLog: `${identity.store}/commitlog`,
    ...user,
    brokerClusterName: identity.cluster,
    brokerName: identity.brokerName,
    brokerId: String(slot.brokerId),
    brokerRole: slot.index === 0 ? broker.role : "SLAVE",
    flushDiskType: broker.flushDiskType,
    namesrvAddr: identity.namesrv.join(";"),
    brokerIP1: identity.advertise,
    brokerIP2: identity.haAddress,
    listenPort: String(slot.ports.listen),
    ...(has("haListenPort", version) ? { haListenPort: String(slot.ports.ha) } : {}),
    storePathRootDir: identity.store,
  };
}

function tunedKeys(situation: Situation): Record<string, string> {
  return Object.fromEntries(
    TUNED_BROKER_KEYS.filter(
      ({ when, since }) =>
        (when?.(situation) ?? true) && (since === undefined || has(since, situation.version)),
    ).map(({ key, value }) => [key, typeof value === "string" ? value : value(situation)]),
  );
}
