import type * as consul from "@pulumi/consul";
import type * as pulumi from "@pulumi/pulumi";
import type { PreflightInput } from "../config";
import type { HostAccess } from "../remote";
import type { WaivedSettings } from "../spec";
import { completion } from "./completion";

/**
 * What components hand to each other beside their public arguments. It cannot be in the
 * arguments (a component package cannot take a sibling component) nor in properties (each would
 * become an output of the package), so it hangs on the objects from outside.
 */
class Attachment<K extends object, V> {
  private readonly values = new WeakMap<K, V>();

  set<O extends K>(key: O, value: V): O {
    this.values.set(key, value);
    return key;
  }

  get(key: K | undefined): V | undefined {
    return key === undefined ? undefined : this.values.get(key);
  }

  /** What the constructor of `key` has attached. */
  of(key: K): V {
    const value = this.values.get(key);
    if (value === undefined) {
      throw new Error("a component was used before its constructor ended");
    }
    return value;
  }
}

/** Resources that a step waits for; a promise where they are made later in the same program. */
export type After = pulumi.Resource[] | Promise<pulumi.Resource[]>;

/** What a Host offers to the roles on it. */
export interface HostHandle {
  access: HostAccess;
  /** The checks of this host: every host's must pass before any host is changed. */
  preflight: pulumi.Resource;
  /** The step after which roles may be put on the host. */
  ready: pulumi.Resource;
}

/** What is said to a Host by who makes it for certain roles. */
export interface HostOrders {
  /** The checks of all hosts of the cluster. */
  barrier?: After;
  /** What the machine will carry. */
  load: pulumi.Input<Omit<PreflightInput, "host">>;
}

/** What a cluster tells the nodes that it makes. */
export interface NodeOrders {
  /** The machine, which the node may share with other roles. */
  host: HostHandle;
  /** Before the node is started or its next release is staged. */
  configAfter?: After;
  /** Before the node is restarted: its predecessors in the rolling order. */
  rolloutAfter?: After;
  /** No other broker group, or no other name server, is up while it restarts. */
  alone?: boolean;
  /**
   * The cluster itself. A step with this as `deletedWith` is not run when the whole cluster goes,
   * but when an update takes its node out: the place for questions that only the latter has to
   * answer, such as for messages that nobody has read. A `remoteStep` without a `verb` asks them
   * at no cost before: whatever changes in its document, no host is connected to.
   */
  cluster?: pulumi.Resource;
  /** Of a broker: machines that it is refused to leave, as nobody has said that it should. */
  stays?: ReadonlySet<string>;
  /** Of a master: its group is being taken out. */
  decommission?: boolean;
  /** Of a slave: the machine of its master is given up, so that what it has may be the only copy. */
  masterLost?: boolean;
  /** What nobody has to read before a group leaves. */
  waived?: pulumi.Input<WaivedSettings>;
  /** The way into Consul's catalogue, for the nodes that go there. */
  consul?: consul.Provider;
  /** Of a name server: what must know another one before it may stop on a machine it moved from. */
  leaveAfter?: After;
  /** What a preview has told of the cluster, and not of one node, so far. */
  told?: Set<string>;
}

/** The steps of a node, for what depends on them. */
export interface NodeHandle {
  config: pulumi.Resource;
  rollout: pulumi.Resource;
}

export const hostOrders = new Attachment<pulumi.ComponentResourceOptions, HostOrders>();
export const hostHandles = new Attachment<pulumi.Resource, HostHandle>();
export const nodeOrders = new Attachment<pulumi.ComponentResourceOptions, NodeOrders>();
export const nodeHandles = new Attachment<pulumi.Resource, NodeHandle>();

/** A list of resources that is complete only later in the program. */
export async function after(
  ...parts: (After | pulumi.Resource | undefined)[]
): Promise<pulumi.Resource[]> {
  const lists = await Promise.all(
    parts.map(async (part) => {
      const list = await part;
      return list === undefined ? [] : Array.isArray(list) ? list : [list];
    }),
  );
  const resources = lists.flat();
  await Promise.all(resources.map(completion));
  return resources;
}

/**
 * What a resource depends on, when others are there too. Those are waited for but not among its
 * dependencies: written into the state of each of many resources, they would be most of it.
 */
export async function onceThere(
  others: After | undefined,
  own: Promise<pulumi.Resource[]>,
): Promise<pulumi.Resource[]> {
  const [list] = await Promise.all([own, after(others)]);
  return list;
}
