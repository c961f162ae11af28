import type * as pulumi from "@pulumi/pulumi";
import type { SshConnectionArgs } from "./connection";
import type { MachineRole } from "./enums";

/** A Linux machine that may carry name servers, brokers and the exporter. */
export interface MachineArgs {
  /**
   * Your name for the machine: unique, of letters, digits, `-` and `_`, and never changed, since
   * what the machine carries is known by it. A machine that is replaced under the same name (new
   * address) keeps its place in the cluster; a master on it starts with the store that it finds
   * there, and not at all where that is empty and its slave has messages.
   *
   * Example: `mq1`
   */
  name: string;
  /**
   * Address under which the other machines and the clients reach it, and SSH too unless
   * `connection.host` says otherwise: an IPv4 address or a host name. May be an output of a machine
   * made in the same program. Changing it restarts the broker on it (rolling).
   *
   * Example: `10.0.0.11`
   */
  address: pulumi.Input<string>;
  /**
   * Address that brokers announce to clients (`brokerIP1`), where clients come by another network
   * than the machines among themselves. Changing it is a rolling restart.
   *
   * @default `address`
   */
  advertise?: pulumi.Input<string>;
  /**
   * Address that a master announces to its slaves for replication (`brokerIP2`). Changing it is a
   * rolling restart.
   *
   * @default `address`
   */
  haAddress?: pulumi.Input<string>;
  /** How to reach this machine; each value wins over that of the cluster's `connection`. */
  connection?: SshConnectionArgs;
  /**
   * What the machine may carry: `namesrv`, `broker`, `exporter`.
   *
   * Name servers and brokers are placed independently of each other, each on the first machines in
   * the order of the list that may carry them. So without roles they share the first machines; give
   * roles to keep them apart.
   *
   * @default all three
   */
  roles?: MachineRole[];
  /**
   * Availability zone, rack or data centre. Where all broker machines have one, the brokers of a
   * group are spread over the zones.
   */
  zone?: string;
}
