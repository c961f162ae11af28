import * as consul from "@pulumi/consul";
import * as pulumi from "@pulumi/pulumi";
import { consulDocument } from "../config";
import { explainHook } from "../diff";
import { type ConsulServiceDocument, type HostAccess, quiet, remoteStep, Step } from "../remote";
import {
  type ConsulRegistrationArgs,
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
  consul: ConsulRegistrationArgs;
  environment: pulumi.Input<string> | undefined;
  host: HostArgs;
  access: HostAccess;
  slot: { slot: string; machine: string };
  /** Shared by the nodes of a cluster: each provider is a process while Pulumi runs. */
  provider?: consul.Provider;
  /** What must run before anybody may find it. */
  after: pulumi.Resource;
  services: RegisteredService[];
}

export interface RegisteredService {
  /** Tells the resources of a node's further services from those of its first. */
  suffix?: string;
  of: (settings: ConsulSettings) => pulumi.Output<ConsulServiceDocument>;
  /** Its id in the catalogue, where it is another than with an agent. */
  id?: (service: ConsulServiceDocument, cluster: string) => string;
}

/**
 * Registers the services of a node, and takes them out with it. A registration is a resource of its
 * own after the node's steps, so a change of it touches no process. Returns the services' names.
 */
export function registerInConsul(
  name: string,
  parent: pulumi.Resource,
  node: RegisteredNode,
): pulumi.Output<string>[] {
  const settings = pulumi
    .output({ consul: without(node.consul, "token"), environment: node.environment })
    .apply(({ consul: plain, environment }) => resolveConsul(plain, environment));
  return node.consul.through === "agent"
    ? throughAgent(name, parent, node, settings)
    : intoCatalogue(name, parent, node, settings);
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
  settings: pulumi.Output<ConsulSettings>,
): pulumi.Output<string>[] {
  const provider = node.provider ?? consulProvider(`${name}-consul`, parent, node.consul);
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
  return node.services.map(({ suffix = "service", of, id = (service) => service.id }) => {
    const service = settings.apply(of);
    const entry = quiet(
      new consul.Service(
        `${name}-consul-${suffix}`,
        {
          name: service.apply((s) => s.name),
          serviceId: pulumi.all([service, cluster]).apply(([s, c]) => id(s, c)),
          // Not the output of the node: it would fail once more where the node failed.
          node: nodeName,
          address: service.apply((s) => s.address),
          port: service.apply((s) => s.port),
          tags: service.apply((s) => s.tags),
          meta: service.apply((s) => s.meta),
        },
        { parent, provider, dependsOn: after(external) },
      ),
    );
    return when(entry, entry.name);
  });
}

/**
 * By the Consul agent of the machine. The document has the token in it, so it is a secret as a whole;
 * our agent keeps no copy.
 */
function throughAgent(
  name: string,
  parent: pulumi.Resource,
  node: RegisteredNode,
  settings: pulumi.Output<ConsulSettings>,
): pulumi.Output<string>[] {
  return node.services.map(({ suffix, of }) => {
    const service = settings.apply(of);
    const document = pulumi
      .all([hostSettings(node.host), settings, service, node.consul.token])
      .apply(([host, plain, entry, token]): pulumi.Output<object> => {
        const given = { host, slot: node.slot, consul: plain, service: entry };
        return token === undefined
          ? pulumi.output(consulDocument(given))
          : pulumi.secret(consulDocument({ ...given, token }));
      });
    const title = suffix === undefined ? `${name}-consul-agent` : `${name}-consul-${suffix}-agent`;
    const step = remoteStep(
      title,
      { access: node.access, verb: Step.Consul, deleteVerb: Step.ConsulDelete, document },
      {
        ...stepOptions(parent, node.host),
        dependsOn: after(node.after),
        // With a token the document is a secret, of which nothing is told.
        hooks: explainHook(title, node.slot.slot),
      },
    );
    return when(
      step,
      service.apply((s) => s.name),
    );
  });
}
