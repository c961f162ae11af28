import * as pulumi from "@pulumi/pulumi";
import { type BrokerInput, brokerDecommissionDocument, brokerMayGoDocument } from "../config";
import { waitHook } from "../diff";
import { remoteStep, Step } from "../remote";
import type { HostArgs, WaivedSettings } from "../spec";
import { DEFAULTS } from "../spec/defaults";
import { stepOptions } from "./host";
import type { NodeOrders } from "./internals";

/** A master whose group may leave the cluster. */
export interface TakeOutArgs {
  /** `broker-a-0`. */
  slot: string;
  host: HostArgs;
  orders: NodeOrders;
  /** The last step of the whole group. */
  rollout: pulumi.Resource;
  input: pulumi.Output<BrokerInput>;
  waived: pulumi.Input<WaivedSettings>;
}

/** Longer than the wait: the last look at a large broker is let finish, and tells what is left. */
const MARGIN_SECONDS = 300;

/**
 * What a group that leaves goes through. While it is named in `decommission` a step waits until all
 * of it was read, and fails until it is. And whoever takes it out of the program is asked by a step
 * that does nothing else: the first of the group's to be removed, so that a refusal leaves all of it
 * as it is, and not asked where the whole cluster goes.
 */
export function takeOut(name: string, parent: pulumi.ComponentResource, args: TakeOutArgs): void {
  const { slot, orders, rollout } = args;
  const { access } = orders.host;
  const child = stepOptions(parent, args.host);
  const known = pulumi.all([args.input, args.waived]);
  const seconds = args.host.timeouts?.decommission ?? DEFAULTS.decommissionSeconds;
  const limit = `${seconds + MARGIN_SECONDS}s`;
  const waited =
    orders.decommission === true
      ? remoteStep(
          `${name}-decommission`,
          {
            access,
            verb: Step.BrokerDecommission,
            document: known.apply(([input, waived]) => brokerDecommissionDocument(input, waived)),
          },
          {
            ...child,
            dependsOn: rollout,
            customTimeouts: { create: limit, update: limit },
            hooks: waitHook(`${name}-decommission`, slot, seconds),
          },
        )
      : undefined;
  remoteStep(
    `${name}-may-go`,
    {
      access,
      deleteVerb: Step.BrokerMayGo,
      document: known.apply(([input, waived]) => brokerMayGoDocument(input, waived)),
    },
    {
      ...child,
      dependsOn: waited ? [rollout, waited] : rollout,
      ...(orders.cluster ? { deletedWith: orders.cluster } : {}),
    },
  );
}
