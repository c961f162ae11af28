import * as consul from "@pulumi/consul";
import * as pulumi from "@pulumi/pulumi";
import { consulDocument } from "../config";
import { explainHook } from "../diff";
import { type ConsulServiceDocument, type HostAccess, quiet, remoteStep, Step } from "../remote";
import {
  type ConsulRegistrationArgs,
  type ConsulService,
  type ConsulSettings,
  type HostArgs,
  resolveConsul,
} from "../spec";
import { without } from "./checked";
import { when } from "./completion";
import { hostSettings, stepOptions } from "./host";
import { after } from "./internals";

/** A node of the cluster, as far as its services stand in Consul. */
export interface RegisteredNode {
  /** Absent: it is not registered. */
  consul: ConsulRegistrationArgs | undefined;
  environment: pulumi.Input<string> | undefined;
  host: HostArgs;
  access: HostAccess;
  slot: { slot: string; machine: string };
  /** Shared by the nodes of a cluster: each provider is a process while Pulumi runs. */
  provider?: consul.Provider;
  /** What must run before anybody may find it. */
  after: pulumi.Resource;
  /** What it has to offer; the first is what is registered where the user names none. */
  services: Services<(settings: ConsulSettings) => pulumi.Output<ConsulServiceDocument>>;
}

type Services<T> = Partial<Record<ConsulService, T>>;

/** One that was asked for. */
interface Wanted {
  service: ConsulService;
  document: pulumi.Output<ConsulServiceDocument>;
}

/**
 * Registers the services of a node, and takes them out with it. A registration is a resource of its
 * own after the node's steps, so a change of it touches no process. Returns the services' names.
 */
export function registerInConsul(
  name: string,
  parent: pulumi.Resource,
  node: RegisteredNode,
): Services<pulumi.Output<string>> {
  const { consul: args, environment, services } = node;
  const own = Object.keys(services) as ConsulService[];
  const asked = own.filter((service) => (args?.services ?? own.slice(0, 1)).includes(service));
  if (args === undefined || asked.length === 0) {
    return {};
  }
  const settings = pulumi
    .output({ consul: without(args, "token"), environment })
    .apply((plain) => resolveConsul(plain.consul, plain.environment));
  const wanted = asked.flatMap((service) => {
    const of = services[service];
    return of === undefined ? [] : [{ service, document: settings.apply(of) }];
  });
  return Object.fromEntries(
    args.through === "agent"
      ? throughAgent(name, parent, node, args, settings, wanted)
      : intoCatalogue(name, parent, node, args, settings, wanted),
  );
}

/** The way into Consul's catalogue; nothing is connected before something is registered. */
export function consulProvider(
  name: string,
  parent: pulumi.Resource,
  args: ConsulRegistrationArgs,
): consul.Provider {
  const settings = pulumi.output(without(args, "token")).apply((plain) => resolveConsul(plain));
  return new consul.Provider(
    name,
    {
      address: settings.apply((s) => new URL(s.url).host),
      scheme: settings.apply((s) => new URL(s.url).protocol.replace(":", "")),
      token: pulumi.secret(pulumi.output(args.token).apply((token) => token ?? "")),
      datacenter: settings.apply((s) => s.datacenter ?? ""),
      caPem: settings.apply((s) => s.caPem),
    },
    { parent },
  );
}

/**
 * As an external node: a node that runs an agent would have the entry removed again by the agent's
 * anti-entropy.
 */
function intoCatalogue(
  name: string,
  parent: pulumi.Resource,
  node: RegisteredNode,
  args: ConsulRegistrationArgs,
  settings: pulumi.Output<ConsulSettings>,
  wanted: Wanted[],
): [ConsulService, pulumi.Output<string>][] {
  const provider = node.provider ?? consulProvider(`${name}-consul`, parent, args);
  const cluster = hostSettings(node.host).apply((host) => host.cluster);
  const nodeName = pulumi.interpolate`${cluster}-${node.slot.machine}-${node.slot.slot}`;
  const external = quiet(
    new consul.Node(
      `${name}-consul-node`,
      {
        name: nodeName,
        address: node.host.machine.address,
        // What consul-esm, where it runs, takes as its cue to check the node.
        meta: { "external-node": "true", "external-probe": "false" },
      },
      { parent, provider, dependsOn: after(node.after) },
    ),
  );
  return wanted.map(({ service, document }) => {
    const entry = quiet(
      new consul.Service(
        `${name}-consul-${service === "brokerMetrics" ? "metrics" : "service"}`,
        {
          name: document.apply((d) => d.name),
          // The exporter's is what it was before there were others.
          serviceId:
            service === "exporter"
              ? pulumi.interpolate`${document.apply((d) => d.name)}-${cluster}`
              : document.apply((d) => d.id),
          // Not the output of the node: it would fail once more where the node failed.
          node: nodeName,
          address: document.apply((d) => d.address),
          port: document.apply((d) => d.port),
          tags: document.apply((d) => d.tags),
          meta: document.apply((d) => d.meta),
          checks: pulumi
            .all([settings, document])
            .apply(([s, d]) =>
              s.externalChecks ? [externalCheck(d)] : undefined,
            ) as pulumi.Output<consul.types.input.ServiceCheck[]>,
        },
        { parent, provider, dependsOn: after(external) },
      ),
    );
    return [service, when(entry, entry.name)];
  });
}

/** Critical, as Consul has it by default, until somebody has run it: nobody may find it healthy. */
function externalCheck({
  id,
  name,
  check,
}: ConsulServiceDocument): consul.types.input.ServiceCheck {
  return {
    checkId: `${id}-answers`,
    name: `${name} answers`,
    http: check.http,
    tcp: check.tcp,
    interval: `${check.interval}s`,
    timeout: "5s",
    status: "critical",
    // The provider's default, 30 s, would take a broker out that is down for longer.
    deregisterCriticalServiceAfter: "0s",
  };
}

/**
 * By the Consul agent of the machine. The document has the token in it, so it is a secret as a whole;
 * our agent keeps no copy.
 */
function throughAgent(
  name: string,
  parent: pulumi.Resource,
  node: RegisteredNode,
  args: ConsulRegistrationArgs,
  settings: pulumi.Output<ConsulSettings>,
  wanted: Wanted[],
): [ConsulService, pulumi.Output<string>][] {
  return wanted.map(({ service, document }) => {
    const stdin = pulumi
      .all([hostSettings(node.host), settings, document, args.token])
      .apply(([host, plain, entry, token]): pulumi.Output<object> => {
        const given = { host, slot: node.slot, consul: plain, service: entry };
        return token === undefined
          ? pulumi.output(consulDocument(given))
          : pulumi.secret(consulDocument({ ...given, token }));
      });
    const title = `${name}-consul-${service === "brokerMetrics" ? "metrics-agent" : "agent"}`;
    const step = remoteStep(
      title,
      {
        access: node.access,
        verb: Step.Consul,
        deleteVerb: Step.ConsulDelete,
        document: stdin,
        // The agent of the machine that a node has moved from would go on naming it.
        replacedWith: [node.slot.machine],
      },
      {
        ...stepOptions(parent, node.host),
        // Where a machine only got another name, the entry that is new has the id of the old one.
        deleteBeforeReplace: true,
        dependsOn: after(node.after),
        // With a token the document is a secret, of which nothing is told.
        hooks: explainHook(title, node.slot.slot),
      },
    );
    return [
      service,
      when(
        step,
        document.apply((d) => d.name),
      ),
    ];
  });
}
