import * as pulumi from "@pulumi/pulumi";
import { exporterDocument, uploadPath } from "../config";
import { explainHook } from "../diff";
import { type HostAccess, remoteStep, Step, upload } from "../remote";
import {
  type ConsulSettings,
  exporterNodeSlot,
  type ExporterNodeArgs,
  placementOf,
  plainView,
  resolveExporterNode,
  validateExporterNode,
} from "../spec";
import { registrable, when } from "./completion";
import { componentInputs, refuse, without } from "./checked";
import { registerInConsul, registerThroughAgent } from "./consulRegistration";
import { hostSettings, stepOptions } from "./host";
import { after, nodeHandles, nodeOrders } from "./internals";
import { machineAddresses } from "./namesrvNode";
import { nodeHost } from "./nodeHost";
import { removalVerb } from "./removal";

/** The metrics of a cluster for Prometheus, and its registration in Consul. */
export class ExporterNode extends pulumi.ComponentResource {
  /** URL of the metrics, known when they are served. */
  public readonly endpoint: pulumi.Output<string>;
  /** Name of the service in Consul; empty without a registration. */
  public readonly consulServiceName: pulumi.Output<string>;

  constructor(name: string, args: ExporterNodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:ExporterNode", name, componentInputs(args), opts);
    const given = nodeOrders.get(opts);
    if (given === undefined) {
      refuse(validateExporterNode(plainView(args)));
    }
    const slot = exporterNodeSlot(args);
    const settings = pulumi
      .output(without(args, "host", "nameServers", "consul"))
      .apply((plain) => resolveExporterNode(plain).exporter);
    const orders = nodeHost(
      name,
      this,
      args.host,
      given,
      settings.apply((exporter) => ({ placement: placementOf(slot), exporter })),
    );
    const child = stepOptions(this, args.host);
    const host = hostSettings(args.host);
    const addresses = machineAddresses(args.host.machine);

    const jar = pushedJar(name, args, orders.host.access, {
      ...child,
      dependsOn: after(orders.host.ready),
    });
    const service = remoteStep(
      `${name}-service`,
      {
        access: orders.host.access,
        verb: Step.Exporter,
        deleteVerb: removalVerb(args.host, Step.ExporterDelete, Step.ExporterPurge),
        document: pulumi
          .all([host, settings, addresses, pulumi.output(args.nameServers)])
          .apply(([h, exporter, a, namesrv]) =>
            exporterDocument({ host: h, exporter, slot, addresses: a, namesrv }),
          ),
      },
      {
        ...child,
        dependsOn: after(orders.host.ready, jar, orders.configAfter),
        hooks: explainHook(`${name}-service`, slot.slot),
      },
    );
    nodeHandles.set(this, { config: service, rollout: service });

    this.endpoint = when(
      service,
      pulumi
        .all([addresses, settings])
        .apply(([{ address }, { path }]) => `http://${address}:${slot.port}${path}`),
    );
    const consul = pulumi
      .all([
        pulumi.output({
          consul: args.consul,
          exporter: args.exporter,
          environment: args.environment,
        }),
        host,
      ])
      .apply(([plain, { cluster }]) => resolveExporterNode(plain, cluster).consul);
    this.consulServiceName =
      args.consul === undefined
        ? pulumi.output("")
        : args.consul.through === "agent"
          ? registerThroughAgent(
              name,
              orders.host.access,
              pulumi.all([host, settings, addresses, consul]).apply(([h, exporter, a, c]) => ({
                host: h,
                exporter,
                slot,
                addresses: a,
                consul: c as ConsulSettings,
              })),
              { ...child, dependsOn: after(service) },
            )
          : registerInConsul(name, this, {
              node: args.host.machine.name,
              address: addresses.apply((a) => a.address),
              port: slot.port,
              cluster: host.apply((h) => h.cluster),
              settings: consul,
              after: service,
            });
    this.registerOutputs(
      registrable({ endpoint: this.endpoint, consulServiceName: this.consulServiceName }),
    );
  }
}

function pushedJar(
  name: string,
  args: ExporterNodeArgs,
  access: HostAccess,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource | undefined {
  const file = args.exporter?.jar?.file;
  return file === undefined
    ? undefined
    : upload(
        `${name}-jar`,
        {
          access,
          address: args.host.machine.address,
          source: new pulumi.asset.FileAsset(file),
          remotePath: uploadPath(file),
        },
        opts,
      );
}
