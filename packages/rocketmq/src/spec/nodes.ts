import type * as pulumi from "@pulumi/pulumi";
import type { ConsulRegistrationArgs } from "./consul";
import type { ExporterArgs } from "./exporter";
import type { HostArgs, JvmArgs } from "./host";
import type { SubscriptionGroupArgs, TopicArgs } from "./topics";
import type { BrokerRole, FlushDiskType } from "./enums";

/** One name server on one machine. */
export interface NamesrvNodeArgs {
  /** The machine and what it needs. */
  host: HostArgs;
  /**
   * Number of the name server: its slot is `namesrv-INDEX`.
   *
   * @default 0
   */
  index?: number;
  /**
   * TCP port. Refused to change once it is there, as everybody knows it by it.
   *
   * @default 9876
   */
  port?: number;
  /** Any keys of namesrv.conf. A change restarts it. */
  namesrvConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Its JVM. */
  jvm?: JvmArgs;
  /** Registration in Consul; none without it. */
  consul?: ConsulRegistrationArgs;
  /** Label of the environment in Consul's metadata. */
  environment?: pulumi.Input<string>;
}

/**
 * One broker on one machine. On its own it has no decommission, no destroy guard and no rolling order:
 * its removal stops it whatever is unread in it, and several are ordered with `dependsOn`.
 */
export interface BrokerNodeArgs {
  /** The machine and what it needs. */
  host: HostArgs;
  /** Addresses (host:port) of all name servers. */
  nameServers: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Key of the broker group: its slot is `broker-KEY-INDEX`.
   *
   * @default "a"
   */
  groupKey?: string;
  /**
   * 0 is the master of its group, any other number a slave (`brokerId`).
   *
   * @default 0
   */
  index?: number;
  /**
   * Name of the group's brokers in RocketMQ. Refused once the broker is there.
   *
   * @default `broker-KEY`
   */
  brokerName?: pulumi.Input<string>;
  /**
   * Brokers in the group, the master included: what a SYNC_MASTER of RocketMQ 5 waits for.
   *
   * @default 2
   */
  replicas?: number;
  /**
   * How a master acknowledges: `ASYNC_MASTER` or `SYNC_MASTER`. Without effect on a slave.
   *
   * @default "ASYNC_MASTER"
   */
  brokerRole?: pulumi.Input<BrokerRole>;
  /**
   * `ASYNC_FLUSH` or `SYNC_FLUSH`.
   *
   * @default "ASYNC_FLUSH"
   */
  flushDiskType?: pulumi.Input<FlushDiskType>;
  /**
   * Listening port; two below and one above it are used as well.
   *
   * @default 10911
   */
  port?: number;
  /**
   * Folder of its messages. Refused once the broker is there.
   *
   * @default `host.paths.data/NODE/store`
   */
  storePathRootDir?: pulumi.Input<string>;
  /** Any keys of broker.conf, over the library's tuned values. */
  brokerConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Its JVM. */
  jvm?: JvmArgs;
  /** Topics by name, on a master. As in a cluster, one that is taken out is removed. */
  topics?: Record<string, TopicArgs>;
  /** Subscription (consumer) groups by name, on a master. */
  subscriptionGroups?: Record<string, SubscriptionGroupArgs>;
  /** Registration in Consul; none without it. */
  consul?: ConsulRegistrationArgs;
  /** Label of the environment in Consul's metadata. */
  environment?: pulumi.Input<string>;
  /**
   * Topics that may be removed, or have fewer queues, whatever is unread in them.
   *
   * @default none
   */
  discardTopics?: string[];
  /**
   * Subscription groups that may be removed whatever they have not read.
   *
   * @default none
   */
  discardSubscriptionGroups?: string[];
}

/** The metrics exporter on one machine. */
export interface ExporterNodeArgs {
  /** The machine and what it needs. */
  host: HostArgs;
  /** Addresses (host:port) of all name servers. */
  nameServers: pulumi.Input<pulumi.Input<string>[]>;
  /** What it is. `enabled` and `machine` are without effect here. */
  exporter?: ExporterArgs;
  /** Registration in Consul; none without it. */
  consul?: ConsulRegistrationArgs;
  /** Label of the environment in Consul's metadata. */
  environment?: pulumi.Input<string>;
}
