import type { PathsDocument } from "../remote/documents";
import { parseStepCommand } from "../remote/stepCommand";
import { hostConnection, type HostConnection } from "./connection";
import { type ExportedResource, nameOf, type StackExport, unwrap } from "./deployment";

/** What every document of a step has. */
export interface StepDocument {
  format: number;
  /** The machine's name in the program. */
  host: string;
  /** Name of the cluster in RocketMQ. */
  cluster: string;
  paths: PathsDocument;
  /** The slot; absent: a step of the machine itself. */
  node?: string;
  [member: string]: unknown;
}

/** A step as the last update left it: what the program wants of a host. */
export interface StepState {
  /** Name of its resource: `orders-broker-a-0-config`. */
  name: string;
  /** `host`, `broker-config`... */
  verb: string;
  document: StepDocument;
}

/** One machine with its steps, in the order in which they were made. */
export interface HostState {
  /** Its name in the program. */
  name: string;
  connection: HostConnection;
  steps: StepState[];
}

/** A cluster, or nodes on their own that share the name of their cluster. */
export interface ClusterState {
  /** Name of the component `RocketMQCluster`; that of the cluster for nodes on their own. */
  name: string;
  /** Name of the cluster in RocketMQ. */
  clusterName: string;
  hosts: HostState[];
}

/** Everything of this library that a stack has deployed. */
export interface StackState {
  /** Name of the stack, without its project. */
  stack: string;
  clusters: ClusterState[];
}

const COMMAND = "command:remote:Command";
const OURS = /^rocketmq:index:/;
const CLUSTER = "rocketmq:index:RocketMQCluster";

/** Finds the clusters in what `pulumi stack export --show-secrets` printed. */
export function stackState(exported: StackExport): StackState {
  const resources = exported.deployment?.resources ?? [];
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const clusters = new Map<string, ClusterState>();
  for (const resource of resources) {
    const step = stepOf(resource);
    const owners = ancestors(resource, byUrn).filter(({ type }) => OURS.test(type));
    if (step === undefined || owners.length === 0) {
      continue;
    }
    const { document } = step;
    const component = owners.find(({ type }) => type === CLUSTER);
    const key = component?.urn ?? document.cluster;
    const name = component ? nameOf(component.urn) : document.cluster;
    const cluster = clusters.get(key) ?? { name, clusterName: document.cluster, hosts: [] };
    clusters.set(key, cluster);
    addStep(cluster, step, connectionOf(resource));
  }
  return {
    stack: resources[0]?.urn.split("::")[0]?.split(":")[2] ?? "",
    clusters: [...clusters.values()],
  };
}

/** A step of ours; nothing for any other command. */
function stepOf({ urn, type, inputs, delete: leaving }: ExportedResource): StepState | undefined {
  const stdin = unwrap(inputs?.["stdin"]);
  const verb = verbOf(inputs)?.verb;
  if (type !== COMMAND || leaving === true || verb === undefined || typeof stdin !== "string") {
    return undefined;
  }
  return { name: nameOf(urn), verb, document: JSON.parse(stdin) as StepDocument };
}

function verbOf(inputs: ExportedResource["inputs"]) {
  const create = unwrap(inputs?.["create"]);
  return typeof create === "string" ? parseStepCommand(create) : undefined;
}

function connectionOf({ inputs }: ExportedResource): HostConnection {
  return hostConnection(
    unwrap(inputs?.["connection"]) as Record<string, unknown>,
    verbOf(inputs)?.sudo ?? true,
  );
}

/** A machine of two clusters is one machine in each; the same machine twice in one is one. */
function addStep(cluster: ClusterState, step: StepState, connection: HostConnection): void {
  const host = cluster.hosts.find(({ name }) => name === step.document.host);
  if (host === undefined) {
    cluster.hosts.push({ name: step.document.host, connection, steps: [step] });
    return;
  }
  // The last one is the newest: an update that failed half way may have changed only some.
  host.connection = connection;
  host.steps.push(step);
}

function ancestors(
  resource: ExportedResource,
  byUrn: Map<string, ExportedResource>,
): ExportedResource[] {
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  return parent ? [parent, ...ancestors(parent, byUrn)] : [];
}

/** The document of a step of a node (`host` and `preflight` have no node), if it was deployed. */
export function documentOf(host: HostState, verb: string, node?: string): StepDocument | undefined {
  return host.steps.find((step) => step.verb === verb && step.document.node === node)?.document;
}
