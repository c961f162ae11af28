import type * as pulumi from "@pulumi/pulumi";
import type { SshConnectionArgs } from "./connection";
import type { ConsulRegistrationArgs } from "./consul";
import type { ExporterArgs } from "./exporter";
import type { JavaArgs, JvmArgs, OsArgs, PackageArgs, PathsArgs, TimeoutsArgs } from "./host";
import type { MachineArgs } from "./machine";
import type { SubscriptionGroupArgs, TopicArgs } from "./topics";
import type { BrokerRole, FlushDiskType } from "./enums";

/** A broker group: one master and its slaves, which all hold the same messages. */
export interface BrokerGroupArgs {
  /**
   * Key of the group: lower-case letters and digits. Never changed: what is on the hosts is known
   * by it.
   *
   * Example: `a`
   */
  key: string;
  /**
   * Name of its brokers in RocketMQ. Refused once the group is there.
   *
   * @default `broker-KEY`
   */
  brokerName?: pulumi.Input<string>;
  /**
   * Machines of its brokers: the master's first, then the slaves'.
   *
   * @default placed as the other groups
   */
  machines?: string[];
  /**
   * Listening port of its brokers; two ports below and one above it are used as well.
   *
   * @default `ports.broker`, and 100 more for each further broker on a machine
   */
  port?: number;
  /**
   * Folder of its brokers' messages. Refused once the group is there.
   *
   * @default the cluster's `storePathRootDir`
   */
  storePathRootDir?: pulumi.Input<string>;
  /** Keys of broker.conf for this group; they win over the cluster's `brokerConfig`. */
  brokerConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Base ports. Another one of brokers is a rolling restart, and clients that were told the old one
 * lose touch.
 */
export interface PortsArgs {
  /**
   * Name servers. Refused to change once they are there, as everybody knows them by it.
   *
   * @default 9876
   */
  namesrv?: number;
  /**
   * First broker on a machine. Two below (fast port) and one above (replication) are used as well;
   * each further broker on the machine takes 100 more.
   *
   * @default 10911
   */
  broker?: number;
}

/** A RocketMQ cluster on machines reached over SSH. */
export interface RocketMQClusterArgs {
  /**
   * Name of the cluster in RocketMQ (`brokerClusterName`). Refused once a broker is there.
   *
   * @default "DefaultCluster"
   */
  clusterName?: pulumi.Input<string>;
  /**
   * RocketMQ version. A change is a rolling upgrade, or downgrade.
   *
   * @default "5.5.0"
   */
  version?: pulumi.Input<string>;
  /**
   * The machines. Append new ones at the end: what is there stays where it is.
   */
  machines: MachineArgs[];
  /** How to reach the machines over SSH; a machine's own `connection` wins. */
  connection?: SshConnectionArgs;
  /**
   * Number of name servers, on the first machines that may carry one. More can be added at any
   * time.
   *
   * @default 2, or 1 where only one machine may carry one
   */
  nameServers?: number;
  /**
   * Number of broker groups, with the keys `a`, `b` and so on. More can be added at any time.
   *
   * @default 1
   */
  brokerGroups?: number;
  /**
   * Brokers in a group, the master included; each on a machine of its own. With more than one
   * group and automatic placement, another number moves brokers and is refused; place by `groups`
   * then.
   *
   * @default 2
   */
  replicasPerGroup?: number;
  /**
   * How many brokers a machine may carry. With 2, two machines hold two groups crosswise. With
   * automatic placement another number moves brokers and is refused; place by `groups` then.
   *
   * @default 1
   */
  brokersPerMachine?: number;
  /**
   * Machines of the name servers, by name, instead of automatic placement. Append new ones; another
   * machine in the place of one moves that name server.
   */
  nameServerMachines?: string[];
  /**
   * Numbers of the name servers, in the order of `nameServerMachines`: what is on the machines is
   * known by them. To take out one that is not the last, give the others the numbers that they have.
   *
   * Example: `[1, 2]`, when the first of three is taken out
   *
   * @default 0, 1, 2 and so on
   */
  nameServerNumbers?: number[];
  /**
   * The broker groups one by one, instead of `brokerGroups`.
   */
  groups?: BrokerGroupArgs[];
  /**
   * When a master acknowledges a message: `ASYNC_MASTER` at once, `SYNC_MASTER` when its slave has
   * it too. A change is a rolling restart of the masters.
   *
   * @default "ASYNC_MASTER"
   */
  brokerRole?: pulumi.Input<BrokerRole>;
  /**
   * When a broker writes to disk: `ASYNC_FLUSH` in the background, `SYNC_FLUSH` before it
   * acknowledges. A change is a rolling restart.
   *
   * @default "ASYNC_FLUSH"
   */
  flushDiskType?: pulumi.Input<FlushDiskType>;
  /**
   * Any keys of broker.conf, over the library's tuned values. Hot where RocketMQ can, else a
   * rolling restart; the preview says which. A removed key goes back to its default.
   *
   * Example: `fileReservedTime: "168"`
   */
  brokerConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Any keys of namesrv.conf. A change restarts the name servers one after the other. */
  namesrvConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** JVM of the brokers. */
  brokerJvm?: JvmArgs;
  /** JVM of the name servers. */
  namesrvJvm?: JvmArgs;
  /** Where RocketMQ comes from. */
  package?: PackageArgs;
  /** Which Java runs it. */
  java?: JavaArgs;
  /** How the operating systems are tuned. */
  os?: OsArgs;
  /** Where things are on the machines. */
  paths?: PathsArgs;
  /**
   * Folder of the messages of each broker (`storePathRootDir`), on a disk of its own or where an
   * adopted broker has it. Refused once a broker is there. With two brokers on a machine, give each
   * group its own.
   *
   * @default `paths.data/NODE/store`
   */
  storePathRootDir?: pulumi.Input<string>;
  /**
   * System user that everything runs as; made where it is missing.
   *
   * @default "rocketmq"
   */
  user?: pulumi.Input<string>;
  /** Base ports. */
  ports?: PortsArgs;
  /** The metrics exporter. */
  exporter?: ExporterArgs;
  /** Registration in Consul: of the exporter, and of more on request. None without it. */
  consul?: ConsulRegistrationArgs;
  /**
   * Topics by name. Without them a first send fails, since topics do not make themselves. One that
   * is taken out of here is removed from the cluster, with its messages; as long as some of them
   * were not read the update refuses that (`discardTopics`). Topics that were never in here are
   * left alone.
   */
  topics?: Record<string, TopicArgs>;
  /**
   * Subscription (consumer) groups by name. One that is taken out of here is removed from the
   * cluster; refused while it has consumers or something to read (`discardSubscriptionGroups`).
   */
  subscriptionGroups?: Record<string, SubscriptionGroupArgs>;
  /**
   * Topics whose messages may be lost: they may be taken out of `topics`, or have fewer queues,
   * whatever is unread in them.
   *
   * @default none
   */
  discardTopics?: string[];
  /**
   * Subscription groups that may be taken out of `subscriptionGroups` whatever they have not read,
   * and although consumers are connected. What only they have not read holds up no topic that is
   * removed together with them.
   *
   * @default none
   */
  discardSubscriptionGroups?: string[];
  /**
   * How many broker groups may be restarting at once.
   *
   * @default 1
   */
  maxUnavailable?: number;
  /**
   * Label of the environment in Consul's metadata.
   *
   * Example: `production`
   */
  environment?: pulumi.Input<string>;
  /** How long things may take. */
  timeouts?: TimeoutsArgs;
  /**
   * Any text. A new one has the next update check every machine and node, and repair what differs:
   * `pulumi config set reconcile "$(date -Is)"`. It restarts only processes that differ, in the
   * rolling order. Leave it as it is, or out, to have nothing checked.
   *
   * Example: `2026-11-23T10:00:00+00:00`
   */
  reconcile?: pulumi.Input<string>;
  /**
   * Keys of broker groups that are to be taken out. Such a group is closed for writes, and the update
   * waits, at most `timeouts.decommission`, until all that it holds was read: by every consumer group,
   * delayed, timer and half messages included. It fails with what is left, and the next one goes on.
   * Then the group may leave the program. Taken off this list instead, it takes messages again.
   *
   * Example: `["c"]`
   *
   * @default []
   */
  decommission?: string[];
  /**
   * Abandoned consumer groups: what they have not read holds up no group that is taken out.
   *
   * Example: `["old-audit"]`
   *
   * @default []
   */
  ignoreGroups?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Topics whose messages nobody has to read before a group is taken out, such as a dead letter
   * queue, which no consumer group reads.
   *
   * Example: `["%DLQ%billing"]`
   *
   * @default []
   */
  ignoreTopics?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Names of machines that are dead for good. An update with them here connects to none of them, and
   * after it what is on them can leave the program without a connection: a slave, a name server,
   * the exporter, a whole group. What only they had is lost; the update says what that is.
   *
   * Example: `["mq5"]`
   *
   * @default []
   */
  lost?: string[];
  /**
   * Whether the cluster may be destroyed. `pulumi destroy`, or an update of a program that has no
   * such cluster any more, is refused before it touches anything until this is true and an update
   * has run; that update connects to no machine. It waives nothing in the cluster's lifetime.
   *
   * @default false
   */
  allowDestroy?: boolean;
  /**
   * Whether messages and logs of a node go with it when it is removed: by a change of the program,
   * or with the cluster. Needs an update to be known at a removal, which connects to every machine
   * and restarts nothing.
   *
   * @default false
   */
  purge?: pulumi.Input<boolean>;
  /**
   * Whether name servers, brokers and an exporter that run on the machines already, and were not
   * set up by this library, are taken over as they run. Where they run with what the program says,
   * nothing restarts: a node moves to the library's own unit, user and folders with its next
   * restart. What does not fit is refused with the values that were found. Without effect on nodes
   * that are taken over, so it may be taken out then.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
}
