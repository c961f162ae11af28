/**
 * What the user said with every default filled in and every value plain. Split by who needs it, so
 * that one value that is not known yet (the address of a machine that is still to be made) keeps
 * as few documents as possible from being shown in a preview.
 */
import type {
  DiscardDocument,
  JavaDocument,
  OsDocument,
  PackageDocument,
  PathsDocument,
  SubscriptionGroupDocument,
  TopicDocument,
} from "../remote/documents";
import type {
  BrokerRole,
  ConsulService,
  ExporterSource,
  FlushDiskType,
  MachineRole,
} from "./enums";

/** A machine as far as it decides the shape of the cluster. */
export interface MachineShape {
  name: string;
  /** Never empty; all of them where the user gave none. */
  roles: MachineRole[];
  zone?: string;
}

/** A broker group as far as it decides the shape of the cluster. */
export interface GroupShape {
  key: string;
  machines?: string[];
  port?: number;
}

/** Everything that decides who runs where: names, keys and counts, all plain, no output. */
export interface ClusterShape {
  machines: MachineShape[];
  nameServers: number;
  nameServerMachines?: string[];
  nameServerNumbers?: number[];
  /** Explicit or made from `brokerGroups`; each without `machines` is placed automatically. */
  groups: GroupShape[];
  replicasPerGroup: number;
  brokersPerMachine: number;
  ports: { namesrv: number; broker: number };
  /** Absent: none. */
  exporter?: { source: ExporterSource; port: number; machine?: string };
  maxUnavailable: number;
}

/** What nobody has to read before a broker group is taken out. */
export interface WaivedSettings {
  ignoreGroups: string[];
  ignoreTopics: string[];
}

/** What all steps on a host share. */
export interface HostSettings {
  cluster: string;
  version: string;
  paths: PathsDocument;
  user: string;
  package: PackageDocument;
  java: JavaDocument;
  /** Absent: the OS is not tuned. */
  os?: OsDocument;
  timeouts: TimeoutSettings;
  /** Absent: nothing is checked or repaired beyond what a change needs. */
  reconcile?: string;
  /** Absent: a RocketMQ that is there already is refused. */
  adopt?: true;
}

export interface TimeoutSettings {
  /** Seconds for a broker to stop. */
  stop: number;
  /** Seconds between closing a master for writes and stopping it; 0: it is not closed. */
  drain: number;
  /** Seconds to wait for a group that is taken out to be read to its end. */
  decommission: number;
  /** As Pulumi's custom timeouts spell it. */
  step: string;
}

/** What the user says about a JVM. */
export interface JvmSettings {
  heapMb?: number;
  directMemoryMb?: number;
  options: string[];
}

export interface NamesrvSettings {
  conf: Record<string, string>;
  jvm: JvmSettings;
}

export interface BrokerSettings {
  role: BrokerRole;
  flushDiskType: FlushDiskType;
  /** The user's own keys. */
  conf: Record<string, string>;
  jvm: JvmSettings;
  topics: Record<string, TopicDocument>;
  subscriptionGroups: Record<string, SubscriptionGroupDocument>;
  /** What may be lost with its messages. */
  discard: DiscardDocument;
}

/** What differs from group to group: group key to settings. */
export type GroupSettings = Record<
  string,
  {
    brokerName: string;
    conf: Record<string, string>;
    /** Absent: a folder of the broker's own below `paths.data`. */
    storePathRootDir?: string;
  }
>;

export interface ExporterSettings {
  source: ExporterSource;
  path: string;
  intervalSeconds: number;
  jar?: {
    url?: string;
    /** Relative to the home of the SSH user, as the agent sees it. */
    file?: string;
    sha512: string;
    arguments: string[];
    jvm: JvmSettings;
  };
}

/** Of the registration in Consul everything but the token, which would make a secret of all of it. */
export interface ConsulSettings {
  /** `http://host:port` or `https://host:port`. */
  url: string;
  /** Whether entries of the catalogue carry checks for consul-esm. */
  externalChecks: boolean;
  /** PEM. */
  caPem?: string;
  datacenter?: string;
  /** What the services are called. */
  names: Record<ConsulService, string>;
  /** The user's own. */
  tags: string[];
  meta: Record<string, string>;
  environment?: string;
}

/** Everything but the shape and the machines. */
export interface ClusterSettings {
  host: HostSettings;
  namesrv: NamesrvSettings;
  broker: BrokerSettings;
  groups: GroupSettings;
  /** Absent: none. */
  exporter?: ExporterSettings;
}

/** Addresses of one machine. */
export interface MachineAddresses {
  address: string;
  /** `brokerIP1`. */
  advertise: string;
  /** `brokerIP2`. */
  haAddress: string;
}

/** A whole cluster, resolved. */
export interface ClusterSpec {
  shape: ClusterShape;
  settings: ClusterSettings;
  /** By machine name. */
  addresses: Record<string, MachineAddresses>;
}
