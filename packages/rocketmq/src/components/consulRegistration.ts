import * as consul from "@pulumi/consul";
import * as pulumi from "@pulumi/pulumi";
import { type ConsulInput, consulDocument } from "../config";
import { type HostAccess, quiet, remoteStep, Step } from "../remote";
import type { ConsulSettings } from "../spec";
import { when } from "./completion";
import { after } from "./internals";

/** A service on a machine that runs no Consul agent. */
export interface ConsulEntry {
  /** The machine's name in the program. */
  node: string;
  address: pulumi.Input<string>;
  port: number;
  cluster: pulumi.Input<string>;
  settings: pulumi.Output<ConsulSettings | undefined>;
  /** What must run before anybody may find it. */
  after: pulumi.Resource;
}

/**
 * Enters a service into Consul's catalogue, as an external node: a node that runs an agent would
 * have the entry removed again by the agent's anti-entropy. Deleting the resources takes it out.
 * Returns the name of the service.
 */
export function registerInConsul(
  name: string,
  parent: pulumi.Resource,
  entry: ConsulEntry,
): pulumi.Output<string> {
  const settings = entry.settings.apply((value) => {
    if (value === undefined) {
      throw new Error("the registration in Consul has no settings");
    }
    return value;
  });
  const provider = new consul.Provider(
    `${name}-consul`,
    {
      address: settings.apply((s) => new URL(s.url).host),
      scheme: settings.apply((s) => new URL(s.url).protocol.replace(":", "")),
      token: settings.apply((s) => s.token ?? ""),
      datacenter: settings.apply((s) => s.datacenter ?? ""),
      caPem: settings.apply((s) => s.caPem),
    },
    { parent },
  );
  const nodeName = pulumi.interpolate`${entry.cluster}-${entry.node}-exporter`;
  const node = quiet(
    new consul.Node(
      `${name}-consul-node`,
      {
        name: nodeName,
        address: entry.address,
        // What consul-esm, where it runs, takes as its cue to check the node.
        meta: { "external-node": "true", "external-probe": "false" },
      },
      { parent, provider, dependsOn: after(entry.after) },
    ),
  );
  const service = quiet(
    new consul.Service(
      `${name}-consul-service`,
      {
        name: settings.apply((s) => s.serviceName),
        serviceId: pulumi.interpolate`${settings.apply((s) => s.serviceName)}-${entry.cluster}`,
        // Not the output of the node: it would fail once more where the node failed.
        node: nodeName,
        address: entry.address,
        port: entry.port,
        tags: settings.apply((s) => s.tags),
        meta: settings.apply((s) => s.meta),
      },
      { parent, provider, dependsOn: after(node) },
    ),
  );
  return when(service, service.name);
}

/**
 * Has the Consul agent of the machine enter a service. The document has the token in it, so it is a
 * secret as a whole; the agent keeps no copy.
 */
export function registerThroughAgent(
  name: string,
  access: HostAccess,
  input: pulumi.Output<ConsulInput>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const step = remoteStep(
    `${name}-consul-agent`,
    {
      access,
      verb: Step.Consul,
      deleteVerb: Step.ConsulDelete,
      document: input.apply((value): pulumi.Output<object> => {
        const document = consulDocument(value);
        return value.consul.token === undefined ? pulumi.output(document) : pulumi.secret(document);
      }),
    },
    opts,
  );
  return when(
    step,
    input.apply(({ consul: { serviceName } }) => serviceName),
  );
}
