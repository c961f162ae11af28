import type { SubscriptionGroupDocument, TopicDocument } from "../remote/documents";
import { brokerPorts } from "../topology/ports";
import type { BrokerSlot } from "../topology/types";
import { DEFAULTS } from "./defaults";
import type { BrokerGroupArgs } from "./cluster";
import type { BrokerNodeArgs } from "./nodes";
import { defined, type Plain } from "./plain";
import { resolveJvm } from "./resolveHost";
import type { BrokerSettings, GroupSettings } from "./resolved";
import type { SubscriptionGroupArgs, TopicArgs } from "./topics";

/** What brokers are told, as the arguments of a cluster and of a single broker have it alike. */
export type BrokerArgs = Pick<
  Plain<BrokerNodeArgs>,
  | "brokerRole"
  | "flushDiskType"
  | "brokerConfig"
  | "jvm"
  | "topics"
  | "subscriptionGroups"
  | "discardTopics"
  | "discardSubscriptionGroups"
>;

export function resolveBroker(args: BrokerArgs): BrokerSettings {
  return {
    role: args.brokerRole ?? DEFAULTS.brokerRole,
    flushDiskType: args.flushDiskType ?? DEFAULTS.flushDiskType,
    conf: args.brokerConfig ?? {},
    jvm: resolveJvm(args.jvm),
    topics: mapValues(args.topics, resolveTopic),
    subscriptionGroups: mapValues(args.subscriptionGroups, resolveSubscriptionGroup),
    discard: {
      topics: args.discardTopics ?? [],
      subscriptionGroups: args.discardSubscriptionGroups ?? [],
    },
  };
}

export function resolveGroup(
  key: string,
  { brokerName, brokerConfig, storePathRootDir }: Partial<Plain<BrokerGroupArgs>>,
): GroupSettings[string] {
  return {
    brokerName: brokerName ?? `broker-${key}`,
    conf: brokerConfig ?? {},
    ...(storePathRootDir ? { storePathRootDir } : {}),
  };
}

const DEFAULT_GROUP_KEY = "a";

export function brokerNodeSlot(
  args: Pick<BrokerNodeArgs, "groupKey" | "index" | "port" | "replicas"> & {
    host: { machine: { name: string } };
  },
): BrokerSlot {
  const groupKey = args.groupKey ?? DEFAULT_GROUP_KEY;
  const index = args.index ?? 0;
  return {
    slot: `broker-${groupKey}-${index}`,
    groupKey,
    index,
    brokerId: index,
    machine: args.host.machine.name,
    ports: brokerPorts(args.port ?? DEFAULTS.ports.broker),
    replicas: args.replicas ?? DEFAULTS.replicasPerGroup,
  };
}

/** For a broker on its own. The cluster's keys and the group's are one there. */
export function resolveBrokerNode(args: Omit<Plain<BrokerNodeArgs>, "host" | "nameServers">): {
  broker: BrokerSettings;
  group: GroupSettings[string];
} {
  return {
    broker: resolveBroker(args),
    group: resolveGroup(args.groupKey ?? DEFAULT_GROUP_KEY, {
      brokerName: args.brokerName,
      storePathRootDir: args.storePathRootDir,
    }),
  };
}

function resolveTopic(topic: Plain<TopicArgs>): TopicDocument {
  return { ...DEFAULTS.topic, ...defined(topic) };
}

function resolveSubscriptionGroup(group: Plain<SubscriptionGroupArgs>): SubscriptionGroupDocument {
  return { ...DEFAULTS.subscriptionGroup, ...defined(group) };
}

function mapValues<From, To>(
  record: Record<string, From> | undefined,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, map(value)]));
}
