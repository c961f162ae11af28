import * as pulumi from "@pulumi/pulumi";
import { namesrvConfigDocument, namesrvRolloutDocument } from "../config";
import { explainHook, restartHook } from "../diff";
import { remoteStep, Step } from "../remote";
import {
  namesrvNodeSlot,
  type NamesrvNodeArgs,
  placementOf,
  plainView,
  resolveAddresses,
  resolveNamesrvNode,
  validateNamesrvNode,
} from "../spec";
import { registrable, when } from "./completion";
import { componentInputs, refuse, without } from "./checked";
import { hostSettings, stepOptions } from "./host";
import { after, nodeHandles, nodeOrders } from "./internals";
import { nodeHost } from "./nodeHost";

/** One name server: the directory in which clients find the brokers. */
export class NamesrvNode extends pulumi.ComponentResource {
  /** `host:port` for clients and brokers, known when the name server answers. */
  public readonly address: pulumi.Output<string>;

  constructor(name: string, args: NamesrvNodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:NamesrvNode", name, componentInputs(args), opts);
    const given = nodeOrders.get(opts);
    if (given === undefined) {
      refuse(validateNamesrvNode(plainView(args)));
    }
    const slot = namesrvNodeSlot(args);
    const namesrv = pulumi.output(without(args, "host")).apply(resolveNamesrvNode);
    const orders = nodeHost(
      name,
      this,
      args.host,
      given,
      namesrv.apply(({ jvm }) => ({ placement: placementOf(slot), namesrvJvm: jvm })),
    );
    const input = pulumi
      .all([hostSettings(args.host), namesrv, machineAddresses(args.host.machine)])
      .apply(([host, settings, addresses]) => ({ host, namesrv: settings, addresses, slot }));
    const child = stepOptions(this, args.host);

    const config = remoteStep(
      `${name}-config`,
      {
        access: orders.host.access,
        verb: Step.NamesrvConfig,
        deleteVerb: Step.NamesrvDelete,
        document: input.apply(namesrvConfigDocument),
      },
      {
        ...child,
        dependsOn: after(orders.host.ready, orders.configAfter),
        hooks: explainHook(`${name}-config`, slot.slot),
      },
    );
    const rollout = remoteStep(
      `${name}-rollout`,
      {
        access: orders.host.access,
        verb: Step.NamesrvRollout,
        document: input.apply(namesrvRolloutDocument),
      },
      {
        ...child,
        dependsOn: after(config, orders.rolloutAfter),
        hooks: restartHook(`${name}-rollout`, slot.slot),
      },
    );

    nodeHandles.set(this, { config, rollout });
    this.address = when(rollout, pulumi.interpolate`${args.host.machine.address}:${slot.port}`);
    this.registerOutputs(registrable({ address: this.address }));
  }
}

/** Addresses of a machine, without the way to reach it. */
export function machineAddresses(machine: NamesrvNodeArgs["host"]["machine"]) {
  const { address, advertise, haAddress } = machine;
  return pulumi.output({ address, advertise, haAddress }).apply(resolveAddresses);
}
