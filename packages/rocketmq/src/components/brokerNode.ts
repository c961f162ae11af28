import * as pulumi from "@pulumi/pulumi";
import {
  brokerConfigDocument,
  brokerMetricsService,
  brokerRolloutDocument,
  brokerService,
} from "../config";
import { Step } from "../remote";
import {
  brokerNodeSlot,
  type BrokerNodeArgs,
  placementOf,
  plainView,
  resolveBrokerNode,
  validateBrokerNode,
} from "../spec";
import { registrable, when } from "./completion";
import { componentInputs, refuse, without } from "./checked";
import { registerInConsul } from "./consulRegistration";
import { hostSettings } from "./host";
import { nodeOrders } from "./internals";
import { machineAddresses } from "./namesrvNode";
import { nodeHost } from "./nodeHost";
import { nodeSteps } from "./nodeSteps";
import { place } from "./place";
import { removalVerb } from "./removal";
import { takeOut } from "./takeOut";

/**
 * One broker, master or slave. What RocketMQ applies to a running broker is applied so; everything
 * else is staged first and taken over by a restart that is undone if the broker does not come back.
 */
export class BrokerNode extends pulumi.ComponentResource {
  /** `host:port` for clients, known when the broker is registered with every name server. */
  public readonly address: pulumi.Output<string>;
  /** Name of its group's brokers in RocketMQ. */
  public readonly brokerName: pulumi.Output<string>;
  /** Name of the service in Consul; empty without a registration of the broker itself. */
  public readonly consulServiceName: pulumi.Output<string>;

  constructor(name: string, args: BrokerNodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:BrokerNode", name, componentInputs(args, nodeOrders.get(opts)), opts);
    const given = nodeOrders.get(opts);
    if (given === undefined) {
      refuse(validateBrokerNode(plainView(args)));
    }
    const slot = brokerNodeSlot(args);
    const settings = pulumi
      .output(without(args, "host", "nameServers", "consul", "environment"))
      .apply(resolveBrokerNode);
    const orders = nodeHost(
      name,
      this,
      args.host,
      given,
      settings.apply(({ broker, group }) => ({
        placement: placementOf(slot),
        brokerJvm: broker.jvm,
        nodes: [slot],
        groups: { [slot.groupKey]: group },
      })),
    );
    // Known when the documents are, of which the hooks tell.
    let drain = 0;
    const input = pulumi
      .all([
        hostSettings(args.host),
        settings,
        machineAddresses(args.host.machine),
        pulumi.output(args.nameServers),
      ])
      .apply(([host, { broker, group }, addresses, namesrv]) => {
        drain = host.timeouts.drain;
        const decommission = given?.decommission === true;
        return { host, broker, group, slot, addresses, namesrv, decommission };
      });
    // A master that moves is refused; two slaves of one id would take each other's place.
    const placed =
      slot.index > 0
        ? place(name, this, {
            slot,
            host: args.host,
            settings: hostSettings(args.host),
            orders,
            stopsFirst: true,
          })
        : undefined;
    const { rollout } = nodeSteps(name, this, {
      slot: slot.slot,
      after: placed,
      host: args.host,
      orders,
      input,
      config: {
        verb: Step.BrokerConfig,
        // Nobody asks whether the only copy of messages was read, so it is not purged.
        deleteVerb:
          given?.masterLost === true
            ? Step.BrokerDelete
            : removalVerb(args.host, Step.BrokerDelete, Step.BrokerPurge),
        document: brokerConfigDocument,
      },
      rollout: {
        verb: Step.BrokerRollout,
        document: brokerRolloutDocument,
        situation: { alone: given?.alone ?? false, drain: () => drain },
      },
    });

    if (slot.index === 0 && given !== undefined) {
      takeOut(name, this, {
        slot: slot.slot,
        host: args.host,
        orders,
        rollout,
        input,
        waived: given.waived ?? { ignoreGroups: [], ignoreTopics: [] },
      });
    }
    this.address = when(
      rollout,
      machineAddresses(args.host.machine).apply((a) => `${a.advertise}:${slot.ports.listen}`),
    );
    this.brokerName = settings.apply(({ group }) => group.brokerName);
    const registered = registerInConsul(name, this, {
      consul: args.consul,
      environment: args.environment,
      host: args.host,
      access: orders.host.access,
      slot,
      provider: orders.consul,
      after: rollout,
      services: {
        broker: (consul) => input.apply((value) => brokerService(value, consul)),
        brokerMetrics: (consul) => input.apply((value) => brokerMetricsService(value, consul)),
      },
    });
    this.consulServiceName = registered.broker ?? pulumi.output("");
    this.registerOutputs(
      registrable({
        address: this.address,
        brokerName: this.brokerName,
        consulServiceName: this.consulServiceName,
      }),
    );
  }
}
