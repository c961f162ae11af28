/**
 * What a step tells the agent on a host: the desired state as one JSON document on stdin.
 *
 * The documents are the contract between the library (which decides every value) and the agent
 * (which compares with what the host has and does the difference). `pulumi preview --diff` shows
 * them key by key, so keys are spelled the way RocketMQ, the JVM or the kernel spell them and
 * nothing is in a document that does not have to be: what does not change must not show.
 *
 * Every `number` is an integer. Optional members are absent, never null.
 */

/** Raised when a document changes in a way that an agent of an earlier release cannot read. */
export const DOCUMENT_FORMAT = 1;

/** The verbs of the agent; the remote command is `sh .rocketmq-agent VERB`. */
export const Step = {
  /** Reads only. Fails with the list of every failed check. */
  Preflight: "preflight",
  /** OS, user, Java, RocketMQ package. */
  Host: "host",
  /** Undoes `host` when no node is left on the machine; data stays. */
  HostDelete: "host-delete",
  /** Starts a node that was never started; stages every other change; never restarts. */
  NamesrvConfig: "namesrv-config",
  /** Switches to the staged release: restart behind a gate, undone if the gate fails. */
  NamesrvRollout: "namesrv-rollout",
  /** Stops and removes the node; its data stays. */
  NamesrvDelete: "namesrv-delete",
  /** The same, and its data and logs go too. */
  NamesrvPurge: "namesrv-purge",
  BrokerConfig: "broker-config",
  BrokerRollout: "broker-rollout",
  BrokerDelete: "broker-delete",
  BrokerPurge: "broker-purge",
  /** Of a master that is closed for good: waits until everything in it was read. */
  BrokerDecommission: "broker-decommission",
  /** Whether a master may be removed: refused while something in it is unread. */
  BrokerMayGo: "broker-may-go",
  /** The node has moved: it stops on the machine that it was on, where its data stays. */
  Leave: "leave",
  /** One step only: restarting an exporter costs no message. */
  Exporter: "exporter",
  ExporterDelete: "exporter-delete",
  ExporterPurge: "exporter-purge",
  /** Registers a service with the Consul agent of the host. */
  Consul: "consul",
  ConsulDelete: "consul-delete",
  /** How a host differs from its documents; reads only (`checkReport.ts`). */
  Check: "check",
  /** How the cluster does right now, asked from one of its hosts; reads only (`statusReport.ts`). */
  Status: "status",
} as const;
export type Step = (typeof Step)[keyof typeof Step];

/** Where things are on a host. The same on every host of a cluster. */
export interface PathsDocument {
  /** Programs and per-node releases: `/opt/rocketmq`. */
  deploy: string;
  /** Data and logs: `/data/rocketmq`; never deleted unless asked. */
  data: string;
}

/** Where a RocketMQ distribution comes from. Exactly one of `url` and `file`. */
export interface PackageDocument {
  version: string;
  url?: string;
  /** A file pushed over SSH before, relative to the home of the SSH user. */
  file?: string;
  /** Hex digest; absent: the file `URL.sha512` beside the archive is fetched. */
  sha512?: string;
}

/** Which Java a host must have. */
export interface JavaDocument {
  /** Oldest and newest major version that the RocketMQ version runs on. */
  min: number;
  max: number;
  /** The major version that is installed where none fits. */
  preferred: number;
  /** An explicit JAVA_HOME: nothing is searched or installed. */
  home?: string;
  /** Whether the package manager of the host may install one. */
  install: boolean;
}

/** Whom to expect where a node is adopted. */
export interface AdoptDocument {
  /** Where it listens. */
  port: number;
  /** Only of brokers. */
  identity?: BrokerIdentityDocument;
}

export interface PreflightDocument {
  format: number;
  /** The machine's name in the program, for messages. */
  host: string;
  cluster: string;
  paths: PathsDocument;
  /** TCP ports that must be free, or held by that very node of ours: port to node. */
  ports: Record<string, string>;
  /** Free space needed in MiB: path to size. The nearest existing parent counts. */
  disk: Record<string, number>;
  /** Memory needed in MiB, all roles of the host together. */
  memoryMb: number;
  java: JavaDocument;
  package: PackageDocument;
  /** How far the clock may be off, in seconds, against the archive server's `Date`. */
  maxClockSkew: number;
  /** By slot, what is taken over where it runs; absent: a RocketMQ that is not ours is refused. */
  adopt?: Record<string, AdoptDocument>;
}

export interface OsDocument {
  /** Kernel settings, written to /etc/sysctl.d and read back: key (dotted) to value. */
  sysctl: Record<string, string>;
  /** `always`, `madvise` or `never`; absent: not touched. */
  transparentHugepage?: string;
  /** Block device scheduler for the disk below `paths.data`; absent: not touched. */
  ioScheduler?: string;
  /** Whether a setting that the kernel refuses fails the step (else: a warning). */
  strict: boolean;
}

export interface HostDocument {
  format: number;
  host: string;
  cluster: string;
  paths: PathsDocument;
  /** The unprivileged system user that everything runs as. */
  user: string;
  /** Absent: the OS is not tuned. */
  os?: OsDocument;
  java: JavaDocument;
  package: PackageDocument;
  /** As in the documents of nodes. */
  reconcile?: string;
}

/** A size that the user gave, or a share of the machine's memory, computed once and pinned. */
export interface MemoryDocument {
  /** MiB, as the user gave it. */
  mb?: number;
  /** Percent of the machine's memory (or of its cgroup's limit), between `minMb` and `maxMb`. */
  percent?: number;
  minMb?: number;
  maxMb?: number;
}

/** Options for a range of Java versions, both ends included. */
export interface JavaOptionsDocument {
  from?: number;
  to?: number;
  options: string[];
}

export interface JvmDocument {
  heap: MemoryDocument;
  /** Absent: no -XX:MaxDirectMemorySize. */
  direct?: MemoryDocument;
  /** Options for every Java version, then those that fit the host's Java, in this order. */
  options: string[];
  byJava: JavaOptionsDocument[];
  /** The user's own, last, so that they win. */
  extra: string[];
}

/** systemd unit settings that a user may change. */
export interface UnitDocument {
  /** `mqnamesrv`, `mqbroker@broker-a-0`, `mqexporter` (without `.service`). */
  name: string;
  /** LimitNOFILE. */
  nofile: number;
  /** TimeoutStopSec in seconds. */
  stopTimeout: number;
}

/** What a node runs: everything in here needs a restart to change, but for hot keys in `conf`. */
export interface ReleaseDocument {
  version: string;
  /** Keys and values of namesrv.conf or broker.conf. */
  conf: Record<string, string>;
  jvm: JvmDocument;
  java: JavaDocument;
  unit: UnitDocument;
  /** How RocketMQ's logback file is found: the file below `conf/`, or absent (4.x finds its own). */
  logback?: string;
  /** There is a secret in it: the agent then tells keys, and no values. */
  secret?: true;
}

/** A release as far as a start depends on it. */
export type RestartDocument = Omit<ReleaseDocument, "java" | "unit"> & {
  java: Omit<JavaDocument, "install">;
  unit: Omit<UnitDocument, "stopTimeout">;
};

/** In the first steps of nodes: what runs and is not ours is taken over. */
interface Adopting {
  adopt?: true;
}

interface NodeDocument {
  format: number;
  /** The machine's name in the program, for messages. */
  host: string;
  cluster: string;
  /** The slot: `namesrv-0`, `broker-a-0`, `exporter`; also the folder below `paths`. */
  node: string;
  paths: PathsDocument;
  user: string;
  /**
   * Any text: compare everything that was applied with what is there and repair it. A new text is
   * what makes a step run again.
   */
  reconcile?: string;
}

export interface NamesrvConfigDocument extends NodeDocument, Adopting {
  release: ReleaseDocument;
  /** Address (host:port) under which the others reach it. */
  address: string;
}

/** What a restart depends on, and who the node is: the rest is in the config step alone. */
export interface NamesrvRolloutDocument extends NodeDocument {
  release: RestartDocument;
  address: string;
}

/** A topic on a master: created, or changed to this. */
export interface TopicDocument {
  readQueueNums: number;
  writeQueueNums: number;
  /** 2 write, 4 read, 6 both. */
  perm: number;
  order: boolean;
  /** RocketMQ 5: `NORMAL`, `FIFO`, `DELAY`, `TRANSACTION`; absent: no attribute is sent. */
  messageType?: string;
}

/** A subscription (consumer) group on a master. */
export interface SubscriptionGroupDocument {
  consumeEnable: boolean;
  consumeBroadcastEnable: boolean;
  consumeMessageOrderly: boolean;
  retryQueueNums: number;
  retryMaxTimes: number;
}

/** Names whose messages may be lost when they are removed or get fewer queues. */
export interface DiscardDocument {
  topics: string[];
  subscriptionGroups: string[];
}

/** What may never change under a running broker: refused by the agent if it differs. */
export interface BrokerIdentityDocument {
  brokerClusterName: string;
  brokerName: string;
  brokerId: number;
  storePathRootDir: string;
}

export interface BrokerConfigDocument extends NodeDocument, Adopting {
  identity: BrokerIdentityDocument;
  /** Address (host:port) under which clients reach it: brokerIP1 and listenPort. */
  address: string;
  /** Addresses (host:port) of every name server. */
  namesrv: string[];
  release: ReleaseDocument;
  /** How the next restart spares clients. Absent: restarted at once. */
  drain?: DrainDocument;
  /** The keys of `release.conf` that this version applies without a restart. */
  hot: string[];
  /** Only on masters. What was in the last document and is not in this one is removed. */
  topics?: Record<string, TopicDocument>;
  subscriptionGroups?: Record<string, SubscriptionGroupDocument>;
  /** Absent: nothing. */
  discard?: DiscardDocument;
  /**
   * Only on masters. Closed for writes until this is absent again, `seconds` after producers of
   * ordered topics, which a closed broker refuses, were turned away.
   */
  decommission?: { seconds: number };
}

/** As of a name server; `release.conf` is without the hot keys. */
export interface BrokerRolloutDocument extends NamesrvRolloutDocument {
  identity: BrokerIdentityDocument;
  /** A slave: wait until its replication has caught up with its master. */
  replica: boolean;
}

/** What tells whether everything in a master was read. */
export interface BrokerMayGoDocument extends NodeDocument {
  identity: BrokerIdentityDocument;
  address: string;
  /** Where it listens on its machine, if not everywhere. */
  bindAddress?: string;
  namesrv: string[];
  /** Consumer groups that need not read what they have not read. */
  ignoreGroups: string[];
  /** Topics that nobody has to read. */
  ignoreTopics: string[];
}

export interface BrokerDecommissionDocument extends BrokerMayGoDocument {
  /** Seconds after it was closed in which clients turn to other groups. */
  seconds: number;
  /** Seconds until the step fails with what is left; the next update goes on. */
  timeout: number;
}

/** How writes are led away from a group before one of its brokers restarts. */
export interface DrainDocument {
  /** Seconds from the moment when every name server shows the master closed until it stops. */
  seconds: number;
}

export interface ExporterDocument extends NodeDocument, Adopting {
  address: string;
  /** `builtin` or `jar`. */
  source: string;
  namesrv: string[];
  port: number;
  /** `/metrics` */
  path: string;
  /** Seconds between two collections (builtin). */
  interval: number;
  unit: UnitDocument;
  /** Only for `jar`. */
  jar?: {
    url?: string;
    file?: string;
    sha512: string;
    /** `--key=value` arguments of the program. */
    arguments: string[];
    jvm: JvmDocument;
    java: JavaDocument;
  };
}

/** A service as it stands in Consul. */
export interface ConsulServiceDocument {
  /** Does not depend on the name, so that a service is renamed and not left behind. */
  id: string;
  name: string;
  address: string;
  port: number;
  tags: string[];
  meta: Record<string, string>;
  /** Exactly one of `http` (URL) and `tcp` (host:port); seconds between two checks. */
  check: { http?: string; tcp?: string; interval: number };
}

/** A service to be registered with the Consul agent of the host. */
export interface ConsulDocument extends NodeDocument {
  consul: {
    url: string;
    /** A secret: this document is on no disk of the host, and in the state as a secret. */
    token?: string;
    caPem?: string;
  };
  service: ConsulServiceDocument;
}

/** What every step prints on stdout. */
export interface ResultDocument {
  /** What was done, one phrase each; empty when the host was already as desired. */
  changed: string[];
  /** Whether a process of ours was restarted (a first start is no restart). */
  restarted: boolean;
  /** Also on stderr, which is what Pulumi shows. */
  warnings: string[];
  /** What was found: java, heapMb, kernel and the like. */
  facts: Record<string, string>;
  seconds: number;
}

/** Exit codes of the agent, beside 0. */
export const ExitCode = {
  /** A bug of ours; the traceback is on the host in the step's log. */
  Internal: 1,
  /** The document is not one that this agent reads. */
  BadDocument: 64,
  /** Preflight found what must be mended first. */
  PreflightFailed: 65,
  /** Refused: it would lose data or identity, or overwrite what is not ours. */
  Refused: 66,
  /** The agent is not on the host to be removed from (the shell line's, not the agent's). */
  AgentMissing: 69,
  /** No Python 3.6 or later, or no root rights. */
  Unprepared: 70,
  /** A download failed or its checksum is wrong. */
  PackageFailed: 71,
  /** The node did not become ready; the last good release runs again where there was one. */
  GateFailed: 72,
  /** Consul's agent does not answer, or refuses. */
  ConsulFailed: 73,
  /** Messages are still unread in a group that is to be taken out. */
  NotDrained: 74,
  /** Another step held the host's lock for too long. */
  Locked: 75,
} as const;
