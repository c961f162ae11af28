import type * as pulumi from "@pulumi/pulumi";
import type { HostArgs } from "../spec";
import { Host } from "./host";
import { hostHandles, type HostOrders, hostOrders, type NodeOrders } from "./internals";

/** The machine of a node: the cluster's shared one, or, for a node on its own, one of its own. */
export function nodeHost(
  name: string,
  parent: pulumi.ComponentResource,
  host: HostArgs,
  orders: NodeOrders | undefined,
  load: HostOrders["load"],
): NodeOrders {
  return (
    orders ?? {
      host: hostHandles.of(new Host(`${name}-host`, host, hostOrders.set({ parent }, { load }))),
    }
  );
}
