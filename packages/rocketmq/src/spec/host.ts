import type * as pulumi from "@pulumi/pulumi";
import type { SshConnectionArgs } from "./connection";
import type { MachineArgs } from "./machine";

/** Where the RocketMQ distribution comes from. */
export interface PackageArgs {
  /**
   * Full address of the archive (zip).
   *
   * @default Apache's archive for the chosen version, or `mirror`
   */
  url?: pulumi.Input<string>;
  /**
   * Base address of a mirror that is laid out like Apache's archive: the archive of a version is
   * at `MIRROR/VERSION/rocketmq-all-VERSION-bin-release.zip`, its checksum beside it.
   *
   * Example: `https://mirror.example.com/rocketmq`
   */
  mirror?: pulumi.Input<string>;
  /**
   * Path of an archive on the machine where Pulumi runs. It is pushed over SSH, for hosts that
   * reach no server.
   */
  file?: string;
  /**
   * SHA-512 of the archive, 128 hex digits.
   *
   * @default what the file `.sha512` beside the archive says; required with `file`
   */
  sha512?: pulumi.Input<string>;
}

/** Which Java runs RocketMQ. */
export interface JavaArgs {
  /**
   * A JAVA_HOME that is on every machine. Nothing is searched or installed then.
   *
   * @default a fitting Java is searched, and installed where there is none
   */
  home?: pulumi.Input<string>;
  /**
   * Whether the machine's package manager may install a Java where none fits.
   *
   * @default true
   */
  install?: pulumi.Input<boolean>;
  /**
   * Major version that is installed where none fits. A change applies to machines without a
   * fitting Java only; it replaces none.
   *
   * @default 17
   */
  version?: pulumi.Input<number>;
}

/** How the operating system is tuned. Applied at once, without a restart, and at every boot. */
export interface OsArgs {
  /**
   * Whether it is tuned at all. False takes back what was set before.
   *
   * @default true
   */
  tune?: pulumi.Input<boolean>;
  /**
   * Kernel settings beside or instead of the library's, dotted key to value. An empty value leaves
   * the kernel's own.
   *
   * Example: `vm.swappiness: "10"`
   */
  sysctl?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Whether a setting that the kernel refuses (as in containers) is an error. Otherwise a warning.
   *
   * @default false
   */
  strict?: pulumi.Input<boolean>;
  /**
   * Transparent huge pages: `always`, `madvise` or `never`; an empty string leaves them alone.
   *
   * @default "madvise"
   */
  transparentHugepage?: pulumi.Input<string>;
  /**
   * Scheduler of the disk below `paths.data`: `none`, `mq-deadline`, `kyber` or `bfq`.
   *
   * @default left alone
   */
  ioScheduler?: pulumi.Input<string>;
}

/** Where things are on the machines. Refused once a node is there. */
export interface PathsArgs {
  /**
   * Programs and configuration.
   *
   * @default "/opt/rocketmq"
   */
  deploy?: pulumi.Input<string>;
  /**
   * Messages and logs; one folder a node. Stays when a cluster is destroyed.
   *
   * @default "/data/rocketmq"
   */
  data?: pulumi.Input<string>;
}

/** How long things may take. */
export interface TimeoutsArgs {
  /**
   * Seconds that a broker may take to stop cleanly before systemd kills it. A kill costs a
   * recovery of the store at the next start, minutes to hours.
   *
   * @default 300
   */
  stop?: pulumi.Input<number>;
  /**
   * Seconds between the moment when clients are told to send elsewhere and the restart of a broker.
   * At least as long as the slowest client's `pollNameServerInterval`, by default 30 s: whoever has
   * not read the route by then gets a failed send and tries again. Waited for once more after the
   * restart where the broker has ordered topics, whose messages a closed broker refuses: producers
   * must know this one again before the next one closes. 0: no drain. Without effect in a cluster
   * of one group, where there is nowhere else to send to. A change restarts nothing.
   *
   * @default 30
   */
  drain?: pulumi.Input<number>;
  /**
   * Seconds that an update waits for a broker group that is taken out to be read to its end. Then it
   * fails with what is left, and the next update goes on.
   *
   * @default 900
   */
  decommission?: number;
  /**
   * Time for one step on a machine, as Pulumi's custom timeouts spell it.
   *
   * @default "30m"
   */
  step?: string;
}

/** Heap, direct memory and options of a JVM. A change is a rolling restart. */
export interface JvmArgs {
  /**
   * Heap in MiB (-Xms and -Xmx).
   *
   * @default a share of the machine's memory, computed once and kept
   */
  heapMb?: pulumi.Input<number>;
  /**
   * Memory outside the heap in MiB (-XX:MaxDirectMemorySize). Brokers only.
   *
   * @default a share of the machine's memory, computed once and kept
   */
  directMemoryMb?: pulumi.Input<number>;
  /**
   * Further options, after the library's, so that they win.
   *
   * Example: `-XX:MaxGCPauseMillis=50`
   */
  options?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Brings one machine into the state that RocketMQ needs: OS, user, Java, package. */
export interface HostArgs {
  /** The machine. */
  machine: MachineArgs;
  /** How to reach it; what `machine.connection` says wins. */
  connection?: SshConnectionArgs;
  /**
   * Name of the cluster that the machine belongs to. A machine belongs to one only.
   *
   * @default "DefaultCluster"
   */
  clusterName?: pulumi.Input<string>;
  /**
   * RocketMQ version.
   *
   * @default "5.5.0"
   */
  version?: pulumi.Input<string>;
  /** Where RocketMQ comes from. */
  package?: PackageArgs;
  /** Which Java runs it. */
  java?: JavaArgs;
  /** How the operating system is tuned. */
  os?: OsArgs;
  /** Where things are. */
  paths?: PathsArgs;
  /**
   * System user that everything runs as; made where it is missing.
   *
   * @default "rocketmq"
   */
  user?: pulumi.Input<string>;
  /** How long things may take. */
  timeouts?: TimeoutsArgs;
  /**
   * Any text. A new one has the next update check the machine and what runs on it, and repair what
   * differs; it restarts only processes that differ. Leave it as it is, or out, to have nothing
   * checked.
   *
   * Example: `2026-11-23T10:00:00+00:00`
   */
  reconcile?: pulumi.Input<string>;
  /**
   * Whether messages and logs of a node go with it when it is removed. A change connects to every
   * machine, and restarts nothing.
   *
   * @default false
   */
  purge?: pulumi.Input<boolean>;
  /**
   * Whether the machine is dead for good. Nothing connects to it any more, and after an update with
   * this, what is on it can be removed without a connection.
   *
   * @default false
   */
  machineLost?: boolean;
  /**
   * Whether a RocketMQ that runs on the machine already, and was not set up by this library, is
   * taken over as it runs.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
}
