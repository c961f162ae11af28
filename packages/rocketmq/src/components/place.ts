import * as pulumi from "@pulumi/pulumi";
import { nodeHeader } from "../config/nodeHeader";
import { remoteStep, Step } from "../remote";
import type { HostArgs, HostSettings } from "../spec";
import { stepOptions } from "./host";
import { type After, after, type NodeOrders } from "./internals";

/** A node that may move to another machine. */
export interface PlaceArgs {
  slot: { slot: string; machine: string };
  host: HostArgs;
  settings: pulumi.Output<HostSettings>;
  orders: NodeOrders;
  /**
   * The node stops on its old machine before what depends on this resource begins on the new one;
   * else at the very end of the update. (The engine removes what was replaced last, unless it is
   * told to do it first.)
   */
  stopsFirst: boolean;
  /** What must be done before the node may stop on its old machine. */
  dependsOn?: After;
}

/**
 * That a node is on its machine. Its steps are updated in place when it moves, so that the move can
 * be explained and refused, and so know nothing of the machine before. This resource does: another
 * machine replaces it, and its removal stops the node there. Neither making nor changing it connects
 * to a machine, and where the node itself goes, its own removal does all there is to do.
 */
export function place(
  name: string,
  parent: pulumi.ComponentResource,
  args: PlaceArgs,
): pulumi.Resource {
  const { slot, orders, stopsFirst } = args;
  return remoteStep(
    `${name}-place`,
    {
      access: orders.host.access,
      deleteVerb: Step.Leave,
      replacedWith: [slot.machine],
      // Without what asks for repairs: nothing is repaired here.
      document: args.settings.apply(({ reconcile: _, ...host }) => nodeHeader(host, slot)),
    },
    {
      ...stepOptions(parent, args.host),
      dependsOn: after(orders.host.ready, args.dependsOn),
      deleteBeforeReplace: stopsFirst,
      deletedWith: parent,
    },
  );
}
