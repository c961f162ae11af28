import type * as consul from "@pulumi/consul";
import * as pulumi from "@pulumi/pulumi";
import type { PreflightInput } from "../config";
import {
  type ConsulService,
  type HostArgs,
  plainView,
  resolveSettings,
  resolveShape,
  type RocketMQClusterArgs,
  validateCluster,
} from "../spec";
import { handled } from "../remote";
import {
  type BrokerSlot,
  type HostPlacement,
  machinesToStayOn,
  type NamesrvSlot,
  placeCluster,
} from "../topology";
import { rollingOrder } from "../topology/rollingOrder";
import { BrokerNode } from "./brokerNode";
import { registrable } from "./completion";
import { componentInputs, refuse, without } from "./checked";
import { consulProvider } from "./consulRegistration";
import { DestroyGuard } from "./destroyGuard";
import { ExporterNode } from "./exporterNode";
import { destroyAdvice, lossesOf, warn } from "./warnings";
import { Host } from "./host";
import { type HostHandle, hostHandles, hostOrders, nodeHandles, nodeOrders } from "./internals";
import { NamesrvNode } from "./namesrvNode";

/**
 * A RocketMQ cluster on machines reached over SSH: name servers, broker groups and an exporter.
 *
 * An update does the difference: nothing changed means no connection at all; a key that RocketMQ
 * takes online is applied online; everything else is a rolling restart, slaves before masters, one
 * group at a time, that stops at the first broker that does not come back and puts it back on what
 * it ran before. The preview says which it will be.
 *
 * Example:
 *
 *     const cluster = new RocketMQCluster("orders", {
 *       machines: [
 *         { name: "mq1", address: "10.0.0.11" },
 *         { name: "mq2", address: "10.0.0.12" },
 *       ],
 *       connection: { user: "ops", privateKey: config.requireSecret("sshKey") },
 *       topics: { ORDERS: {} },
 *     });
 *     export const namesrvAddr = cluster.namesrvAddr;
 */
export class RocketMQCluster extends pulumi.ComponentResource {
  /** Name of the cluster in RocketMQ. */
  public readonly clusterName: pulumi.Output<string>;
  /** What clients connect to: the name servers as `host:port;host:port`, known when they answer. */
  public readonly namesrvAddr: pulumi.Output<string>;
  /** Names of the broker groups in RocketMQ. */
  public readonly brokerNames: pulumi.Output<string[]>;
  /** Brokers by slot (`broker-a-0`): `host:port`, known when they are registered. */
  public readonly brokerAddresses: pulumi.Output<Record<string, string>>;
  /** URL of the metrics; empty without an exporter. */
  public readonly exporterEndpoint: pulumi.Output<string>;
  /** Name of the exporter's service in Consul; empty without a registration. */
  public readonly consulServiceName: pulumi.Output<string>;

  constructor(name: string, args: RocketMQClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:RocketMQCluster", name, componentInputs(args), opts);
    refuse(validateCluster(plainView(args)));
    const shape = resolveShape(args);
    const topology = placeCluster(shape);
    const settings = pulumi
      .output(without(args, "machines", "connection", "consul"))
      .apply(resolveSettings);
    topology.warnings.forEach((warning) => void pulumi.log.warn(warning, this));
    warn(this, settings, topology);
    lossesOf(args.lost ?? [], topology).forEach((loss) => void pulumi.log.warn(loss, this));

    const advice = args.allowDestroy ? destroyAdvice(args) : undefined;
    if (advice !== undefined) void pulumi.log.info(advice, this);

    /** All that the cluster is made of: what must still be there when a destroy is refused. */
    const parts: pulumi.Resource[] = [];
    const hosts = createHosts(this);
    const consulServices = args.consul?.services ?? ["exporter"];
    const catalogue = createConsul(this);
    const namesrvs = createNamesrvs(this);
    const brokers = createBrokers(this);
    const exporter = createExporter(this);
    parts.push(...namesrvs, ...brokers.values(), ...(exporter ? [exporter] : []));
    new DestroyGuard(name, args.allowDestroy ?? false, this, parts);

    this.clusterName = settings.apply(({ host }) => host.cluster);
    this.namesrvAddr = handled(
      pulumi.all(namesrvs.map(({ address }) => address)).apply((list) => list.join(";")),
    );
    this.brokerNames = pulumi
      .all([...brokers.values()].map(({ brokerName }) => brokerName))
      .apply((names) => [...new Set(names)]);
    this.brokerAddresses = handled(
      pulumi.all(Object.fromEntries([...brokers].map(([slot, { address }]) => [slot, address]))),
    );
    this.exporterEndpoint = exporter?.endpoint ?? pulumi.output("");
    this.consulServiceName = exporter?.consulServiceName ?? pulumi.output("");
    this.registerOutputs(
      registrable({
        clusterName: this.clusterName,
        namesrvAddr: this.namesrvAddr,
        brokerNames: this.brokerNames,
        brokerAddresses: this.brokerAddresses,
        exporterEndpoint: this.exporterEndpoint,
        consulServiceName: this.consulServiceName,
      }),
    );

    /** The way into the catalogue for name servers and brokers; the exporter has its own. */
    function createConsul(parent: pulumi.Resource): consul.Provider | undefined {
      const nodes = consulServices.some((service) => service !== "exporter");
      return args.consul !== undefined && args.consul.through !== "agent" && nodes
        ? consulProvider(`${name}-consul`, parent, args.consul)
        : undefined;
    }

    /** What a node is told of Consul, if its role is to be found there. */
    function registration(...services: ConsulService[]) {
      return services.some((service) => consulServices.includes(service))
        ? { consul: args.consul, environment: args.environment }
        : {};
    }

    /** One for each machine that carries something; none is changed before all passed their checks. */
    function createHosts(parent: pulumi.Resource): Map<string, HostHandle> {
      const preflights: pulumi.Resource[] = [];
      const barrier = Promise.resolve(preflights);
      const handles = new Map<string, HostHandle>();
      for (const placement of topology.hosts) {
        const host = new Host(
          `${name}-host-${placement.machine}`,
          hostArgs(placement.machine),
          hostOrders.set({ parent }, { barrier, load: load(placement) }),
        );
        parts.push(host);
        const handle = hostHandles.of(host);
        preflights.push(handle.preflight);
        handles.set(placement.machine, handle);
      }
      return handles;
    }

    function load(placement: HostPlacement): pulumi.Output<Omit<PreflightInput, "host">> {
      const { namesrvs: servers, brokers: all, exporter: one } = topology;
      const nodes = [...servers, ...all, ...(one ? [one] : [])];
      return settings.apply(({ namesrv, broker, groups, exporter: exporterSettings }) => ({
        placement,
        namesrvJvm: namesrv.jvm,
        brokerJvm: broker.jvm,
        exporter: exporterSettings,
        nodes: nodes.filter(({ machine }) => machine === placement.machine),
        groups,
      }));
    }

    function createNamesrvs(parent: pulumi.Resource): NamesrvNode[] {
      const nodes: NamesrvNode[] = [];
      // Everybody else is made later in this program.
      const leaveAfter = Promise.resolve().then(() =>
        [...brokers.values(), ...(exporter ? [exporter] : [])].map(
          (n) => nodeHandles.of(n).rollout,
        ),
      );
      for (const slot of topology.namesrvs) {
        const previous = nodes[nodes.length - 1];
        nodes.push(
          new NamesrvNode(
            `${name}-${slot.slot}`,
            namesrvArgs(slot),
            nodeOrders.set(
              { parent },
              {
                host: handle(slot.machine),
                consul: catalogue,
                // One at a time: clients always find another one.
                rolloutAfter: previous ? [nodeHandles.of(previous).rollout] : [],
                alone: topology.namesrvs.length === 1,
                leaveAfter,
              },
            ),
          ),
        );
      }
      return nodes;
    }

    function createBrokers(parent: pulumi.Resource): Map<string, BrokerNode> {
      const waived = pulumi
        .all([args.ignoreGroups ?? [], args.ignoreTopics ?? []])
        .apply(([ignoreGroups, ignoreTopics]) => ({ ignoreGroups, ignoreTopics }));
      const predecessors = rollingOrder(topology.brokers, shape.maxUnavailable);
      const nodes = new Map<string, BrokerNode>();
      // A broker that starts before the name servers answer registers only half a minute later.
      const configAfter = namesrvs.map((namesrv) => nodeHandles.of(namesrv).rollout);
      const all = topology.brokers;
      const told = new Set<string>();
      const leaving = new Set(args.decommission ?? []);
      const keys = new Set(all.map(({ groupKey }) => groupKey));
      const open = [...keys].filter((key) => !leaving.has(key));
      for (const slot of all) {
        const group = all.filter(({ groupKey }) => groupKey === slot.groupKey);
        // The nodes that a rollout waits for may be made later in this loop.
        const rolloutAfter = Promise.resolve().then(() => [
          ...group.map((peer) => nodeHandles.of(node(peer.slot)).config),
          ...(predecessors.get(slot.slot) ?? []).map((s) => nodeHandles.of(node(s)).rollout),
        ]);
        nodes.set(
          slot.slot,
          new BrokerNode(
            `${name}-${slot.slot}`,
            brokerArgs(slot),
            nodeOrders.set(
              { parent },
              {
                host: handle(slot.machine),
                configAfter,
                rolloutAfter,
                alone: open.length <= shape.maxUnavailable && open.includes(slot.groupKey),
                told,
                stays: machinesToStayOn(shape, slot.groupKey),
                cluster: parent,
                consul: catalogue,
                decommission: leaving.has(slot.groupKey),
                masterLost: slot.index > 0 && group.some((b) => b.index === 0 && isLost(b.machine)),
                waived,
              },
            ),
          ),
        );
      }
      return nodes;

      function node(slot: string): BrokerNode {
        return nodes.get(slot) as BrokerNode;
      }
    }

    function createExporter(parent: pulumi.Resource): ExporterNode | undefined {
      const slot = topology.exporter;
      return (
        slot &&
        new ExporterNode(
          `${name}-exporter`,
          {
            host: hostArgs(slot.machine),
            nameServers: nameServers(),
            exporter: { ...args.exporter, port: slot.port },
            environment: args.environment,
            ...registration("exporter"),
          },
          nodeOrders.set(
            { parent },
            {
              host: handle(slot.machine),
              configAfter: [...namesrvs, ...brokers.values()].map((n) => nodeHandles.of(n).rollout),
            },
          ),
        )
      );
    }

    function isLost(machine: string): boolean {
      return args.lost?.includes(machine) === true;
    }

    function hostArgs(machine: string): HostArgs {
      return {
        machine: args.machines.find((m) => m.name === machine) as HostArgs["machine"],
        connection: args.connection,
        clusterName: args.clusterName,
        version: args.version,
        package: args.package,
        java: args.java,
        os: args.os,
        paths: args.paths,
        user: args.user,
        timeouts: args.timeouts,
        reconcile: args.reconcile,
        purge: args.purge,
        ...(isLost(machine) ? { machineLost: true } : {}),
        adopt: args.adopt,
      };
    }

    function namesrvArgs(slot: NamesrvSlot) {
      return {
        host: hostArgs(slot.machine),
        index: slot.index,
        port: slot.port,
        namesrvConfig: args.namesrvConfig,
        jvm: args.namesrvJvm,
        ...registration("namesrv"),
      };
    }

    function brokerArgs(slot: BrokerSlot) {
      const group = args.groups?.find(({ key }) => key === slot.groupKey);
      return {
        host: hostArgs(slot.machine),
        nameServers: nameServers(),
        groupKey: slot.groupKey,
        index: slot.index,
        brokerName: group?.brokerName,
        storePathRootDir: group?.storePathRootDir ?? args.storePathRootDir,
        replicas: slot.replicas,
        brokerRole: args.brokerRole,
        flushDiskType: args.flushDiskType,
        port: slot.ports.listen,
        brokerConfig: pulumi
          .all([args.brokerConfig ?? {}, group?.brokerConfig ?? {}])
          .apply(([all, own]) => ({ ...all, ...own })),
        jvm: args.brokerJvm,
        ...registration("broker", "brokerMetrics"),
        ...(slot.index === 0
          ? {
              topics: args.topics,
              subscriptionGroups: args.subscriptionGroups,
              discardTopics: args.discardTopics,
              discardSubscriptionGroups: args.discardSubscriptionGroups,
            }
          : {}),
      };
    }

    /** As the user wrote them, not as the nodes' outputs: known in a preview if the machines are. */
    function nameServers(): pulumi.Input<string>[] {
      return topology.namesrvs.map(
        ({ machine, port }) => pulumi.interpolate`${hostArgs(machine).machine.address}:${port}`,
      );
    }

    function handle(machine: string): HostHandle {
      return hosts.get(machine) as HostHandle;
    }
  }
}
