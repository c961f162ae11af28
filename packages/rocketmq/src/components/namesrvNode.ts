import * as pulumi from "@pulumi/pulumi";
import { namesrvConfigDocument, namesrvRolloutDocument, namesrvService } from "../config";
import { Step } from "../remote";
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
import { registerInConsul } from "./consulRegistration";
import { hostSettings } from "./host";
import { after, nodeOrders } from "./internals";
import { nodeHost } from "./nodeHost";
import { nodeSteps } from "./nodeSteps";
import { place } from "./place";
import { removalVerb } from "./removal";

/** One name server: the directory in which clients find the brokers. */
export class NamesrvNode extends pulumi.ComponentResource {
  /** `host:port` for clients and brokers, known when the name server answers. */
  public readonly address: pulumi.Output<string>;
  /** Name of the service in Consul; empty without a registration. */
  public readonly consulServiceName: pulumi.Output<string>;

  constructor(name: string, args: NamesrvNodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:NamesrvNode", name, componentInputs(args, nodeOrders.get(opts)), opts);
    const given = nodeOrders.get(opts);
    if (given === undefined) {
      refuse(validateNamesrvNode(plainView(args)));
    }
    const slot = namesrvNodeSlot(args);
    const namesrv = pulumi
      .output(without(args, "host", "consul", "environment"))
      .apply(resolveNamesrvNode);
    const orders = nodeHost(
      name,
      this,
      args.host,
      given,
      namesrv.apply(({ jvm }) => ({
        placement: placementOf(slot),
        namesrvJvm: jvm,
        nodes: [slot],
      })),
    );
    const input = pulumi
      .all([hostSettings(args.host), namesrv, machineAddresses(args.host.machine)])
      .apply(([host, settings, addresses]) => ({ host, namesrv: settings, addresses, slot }));
    const { rollout } = nodeSteps(name, this, {
      slot: slot.slot,
      host: args.host,
      orders,
      input,
      config: {
        verb: Step.NamesrvConfig,
        deleteVerb: removalVerb(args.host, Step.NamesrvDelete, Step.NamesrvPurge),
        document: namesrvConfigDocument,
      },
      rollout: {
        verb: Step.NamesrvRollout,
        document: namesrvRolloutDocument,
        situation: { alone: given?.alone ?? false },
      },
    });

    place(name, this, {
      slot,
      host: args.host,
      settings: hostSettings(args.host),
      orders,
      stopsFirst: false,
      dependsOn: after(rollout, orders.leaveAfter),
    });
    this.address = when(rollout, pulumi.interpolate`${args.host.machine.address}:${slot.port}`);
    const registered = registerInConsul(name, this, {
      consul: args.consul,
      environment: args.environment,
      host: args.host,
      access: orders.host.access,
      slot,
      provider: orders.consul,
      after: rollout,
      services: { namesrv: (consul) => input.apply((value) => namesrvService(value, consul)) },
    });
    this.consulServiceName = registered.namesrv ?? pulumi.output("");
    this.registerOutputs(
      registrable({ address: this.address, consulServiceName: this.consulServiceName }),
    );
  }
}

/** Addresses of a machine, without the way to reach it. */
export function machineAddresses(machine: NamesrvNodeArgs["host"]["machine"]) {
  const { address, advertise, haAddress } = machine;
  return pulumi.output({ address, advertise, haAddress }).apply(resolveAddresses);
}
