import * as pulumi from "@pulumi/pulumi";
import { exporterDocument, exporterService, uploadPath } from "../config";
import { explainHook } from "../diff";
import { type HostAccess, remoteStep, Step, upload } from "../remote";
import {
  type ExporterArgs,
  exporterNodeSlot,
  type ExporterNodeArgs,
  placementOf,
  type Plain,
  plainView,
  resolveExporter,
  validateExporterNode,
} from "../spec";
import { registrable, when } from "./completion";
import { componentInputs, refuse } from "./checked";
import { registerInConsul } from "./consulRegistration";
import { hostSettings, stepOptions } from "./host";
import { after, nodeHandles, nodeOrders } from "./internals";
import { machineAddresses } from "./namesrvNode";
import { nodeHost } from "./nodeHost";
import { place } from "./place";
import { removalVerb } from "./removal";

/** The metrics of a cluster for Prometheus, and its registration in Consul. */
export class ExporterNode extends pulumi.ComponentResource {
  /** URL of the metrics, known when they are served. */
  public readonly endpoint: pulumi.Output<string>;
  /** Name of the service in Consul; empty without a registration. */
  public readonly consulServiceName: pulumi.Output<string>;

  constructor(name: string, args: ExporterNodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:ExporterNode", name, componentInputs(args, nodeOrders.get(opts)), opts);
    const given = nodeOrders.get(opts);
    if (given === undefined) {
      refuse(validateExporterNode(plainView(args)));
    }
    const slot = exporterNodeSlot(args);
    const settings = pulumi
      .output(args.exporter)
      .apply((plain) => resolveExporter(plain as Plain<ExporterArgs>));
    const orders = nodeHost(
      name,
      this,
      args.host,
      given,
      settings.apply((exporter) => ({ placement: placementOf(slot), exporter, nodes: [slot] })),
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
    place(name, this, {
      slot,
      host: args.host,
      settings: host,
      orders,
      stopsFirst: false,
      dependsOn: after(service),
    });

    this.endpoint = when(
      service,
      pulumi
        .all([addresses, settings])
        .apply(([{ address }, { path }]) => `http://${address}:${slot.port}${path}`),
    );
    const registered = registerInConsul(name, this, {
      consul: args.consul,
      environment: args.environment,
      host: args.host,
      access: orders.host.access,
      slot,
      after: service,
      services: {
        exporter: (consul) =>
          pulumi
            .all([host, settings, addresses])
            .apply(([h, exporter, a]) =>
              exporterService({ host: h, exporter, slot, addresses: a }, consul),
            ),
      },
    });
    this.consulServiceName = registered.exporter ?? pulumi.output("");
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
