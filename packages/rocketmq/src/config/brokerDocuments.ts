import type {
  BrokerConfigDocument,
  BrokerDecommissionDocument,
  BrokerIdentityDocument,
  BrokerMayGoDocument,
  BrokerRolloutDocument,
  ReleaseDocument,
  TopicDocument,
} from "../remote/documents";
import { DEFAULTS } from "../spec/defaults";
import type {
  BrokerSettings,
  GroupSettings,
  HostSettings,
  MachineAddresses,
  WaivedSettings,
} from "../spec/resolved";
import type { BrokerSlot } from "../topology/types";
import { brokerConf } from "./brokerConf";
import { hotKeysOf } from "./hotKeys";
import { brokerJvm } from "./jvm";
import { brokerUnit } from "./units";
import { has, logbackFile } from "./versions";
import { adoption, nodeHeader, toRestart } from "./nodeHeader";

export interface BrokerInput {
  host: HostSettings;
  broker: BrokerSettings;
  /** brokerName and the group's own keys. */
  group: GroupSettings[string];
  slot: BrokerSlot;
  addresses: MachineAddresses;
  /** Addresses (host:port) of every name server. */
  namesrv: string[];
  /** Whether its group is being taken out. */
  decommission?: boolean;
}

export function brokerIdentity({
  host,
  group,
  slot,
}: Pick<BrokerInput, "host" | "group" | "slot">): BrokerIdentityDocument {
  return {
    brokerClusterName: host.cluster,
    brokerName: group.brokerName,
    brokerId: slot.brokerId,
    storePathRootDir: group.storePathRootDir ?? `${host.paths.data}/${slot.slot}/store`,
  };
}

export function brokerRelease(input: BrokerInput): ReleaseDocument {
  const { host, broker, group, slot, addresses, namesrv } = input;
  const conf = brokerConf(host.version, slot, broker, group.conf, {
    cluster: host.cluster,
    brokerName: group.brokerName,
    namesrv,
    advertise: addresses.advertise,
    haAddress: addresses.haAddress,
    store: brokerIdentity(input).storePathRootDir,
  });
  const logback = logbackFile("broker", host.version);
  return {
    version: host.version,
    conf,
    jvm: brokerJvm(host.version, broker.jvm, conf.transientStorePoolEnable === "true"),
    java: host.java,
    unit: brokerUnit(slot.slot, host.timeouts.stop),
    ...(logback === undefined ? {} : { logback }),
  };
}

function common(input: BrokerInput) {
  const { host, slot, addresses } = input;
  return {
    ...nodeHeader(host, slot),
    identity: brokerIdentity(input),
    address: `${addresses.advertise}:${slot.ports.listen}`,
  };
}

export function brokerConfigDocument(input: BrokerInput): BrokerConfigDocument {
  const { host, broker, slot } = input;
  const release = brokerRelease(input);
  const { topics, subscriptionGroups, discard } = broker;
  return {
    ...common(input),
    namesrv: input.namesrv,
    release,
    ...(host.timeouts.drain > 0 ? { drain: { seconds: host.timeouts.drain } } : {}),
    hot: hotKeysOf(Object.keys(release.conf), host.version),
    ...(slot.index === 0 && Object.keys(topics).length > 0
      ? { topics: topicDocuments(topics, host.version) }
      : {}),
    ...(slot.index === 0 && Object.keys(subscriptionGroups).length > 0
      ? { subscriptionGroups }
      : {}),
    ...(slot.index === 0 && discard.topics.length + discard.subscriptionGroups.length > 0
      ? { discard }
      : {}),
    ...(slot.index === 0 && input.decommission === true
      ? { decommission: { seconds: turnSeconds(input) } }
      : {}),
    ...adoption(host),
  };
}

/** Time for clients to turn to other groups; also where restarts are not worth a drain. */
function turnSeconds({ host }: BrokerInput): number {
  return host.timeouts.drain || DEFAULTS.drainSeconds;
}

/** Of a master, to be asked when its group leaves the program. */
export function brokerMayGoDocument(
  input: BrokerInput,
  { ignoreGroups, ignoreTopics }: WaivedSettings,
): BrokerMayGoDocument {
  const { bindAddress } = brokerRelease(input).conf;
  const document: BrokerMayGoDocument = {
    ...common(input),
    namesrv: input.namesrv,
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ignoreGroups,
    ignoreTopics,
  };
  // Nothing to repair here.
  delete document.reconcile;
  return document;
}

/** Of a master whose group is being taken out. */
export function brokerDecommissionDocument(
  input: BrokerInput,
  waived: WaivedSettings,
): BrokerDecommissionDocument {
  return {
    ...brokerMayGoDocument(input, waived),
    seconds: turnSeconds(input),
    timeout: input.host.timeouts.decommission,
  };
}

export function brokerRolloutDocument(input: BrokerInput): BrokerRolloutDocument {
  const release = brokerRelease(input);
  const hot = hotKeysOf(Object.keys(release.conf), input.host.version);
  const conf = Object.fromEntries(
    Object.entries(release.conf).filter(([key]) => !hot.includes(key)),
  );
  return {
    ...common(input),
    release: { ...toRestart(release), conf },
    replica: input.slot.index > 0,
  };
}

/** A version without message types gets none, so that a downgrade does not fail on them. */
function topicDocuments(
  topics: Record<string, TopicDocument>,
  version: string,
): Record<string, TopicDocument> {
  return Object.fromEntries(
    Object.entries(topics).map(([name, { messageType, ...topic }]) => [
      name,
      messageType !== undefined && has("messageType", version) ? { ...topic, messageType } : topic,
    ]),
  );
}
