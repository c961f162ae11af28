import type { ErrorObject } from "ajv";
import { DEFAULT_VERSION, isSupported } from "../config/versions";
import type { RocketMQClusterArgs } from "./cluster";
import { DEFAULTS } from "./defaults";
import { type Draft, draftOf } from "./draft";
import type { ValidationError } from "./errors";
import type { BrokerNodeArgs, ExporterNodeArgs, NamesrvNodeArgs } from "./nodes";
import type { HostArgs } from "./host";
import { member } from "./paths";
import { brokerConfRules, namesrvConfRules } from "./rules/conf";
import { exporterRules, jarRules } from "./rules/exporter";
import { connectionRules, hostRules } from "./rules/host";
import { machineRules, machinesRules } from "./rules/machines";
import { countRules, placementRules } from "./rules/placement";
import { plainRules } from "./rules/plainness";
import { Mistakes } from "./rules/rule";
import { pushedFileRules } from "./rules/pushed";
import { subscriptionGroupRules, topicRules } from "./rules/topics";
import { type Root, schemaErrors } from "./schema";
import { located } from "./schemaMessages";
import { plainView } from "./unknown";

/**
 * Every mistake in the arguments of a cluster. Outputs are passed over, so it can run in the
 * constructor, and again when their values are there.
 */
export function validateCluster(args: unknown): ValidationError[] {
  const checked = check<RocketMQClusterArgs>("RocketMQClusterArgs", args);
  const { draft, view, found } = checked;
  const version = versionOf(draft.version);
  machinesRules(draft, found);
  connectionRules(draft.connection, found, "connection");
  draft.machines?.forEach(({ connection }, index) => {
    if (connection !== undefined) {
      const merged = { ...draft.connection, ...connection };
      connectionRules(merged, found, `machines[${index}].connection`);
    }
  });
  hostRules(draft, found);
  pushedFileRules(view, found);
  countRules(draft, found);
  const { flushDiskType, brokerRole } = draft;
  const situation = { version, flushDiskType, brokerRole };
  brokerConfRules(draft.brokerConfig ?? {}, situation, found, "brokerConfig");
  draft.groups?.forEach(({ brokerConfig }, index) =>
    brokerConfRules(brokerConfig ?? {}, situation, found, `groups[${index}].brokerConfig`),
  );
  namesrvConfRules(draft.namesrvConfig ?? {}, found, "namesrvConfig");
  const reserved = [draft.clusterName ?? DEFAULTS.clusterName];
  topicRules(draft.topics ?? {}, { version, reserved }, found);
  subscriptionGroupRules(draft.subscriptionGroups ?? {}, found);
  exporterRules(draft.exporter, draft.consul, found);
  jarRules(member(member(view, "exporter"), "jar") as { url?: unknown } | undefined, found);
  const notPlain = plainRules(view, CLUSTER_SHAPE, found);
  if (!notPlain && !checked.wrong.some((pointer) => SHAPE_POINTER.test(pointer))) {
    placementRules(draft, found);
  }
  return sorted(checked);
}

export function validateHost(args: unknown): ValidationError[] {
  const checked = check<HostArgs>("HostArgs", args);
  hostPartRules(checked.draft, checked.view, checked.found, "");
  return sorted(checked);
}

export function validateNamesrvNode(args: unknown): ValidationError[] {
  const checked = check<NamesrvNodeArgs>("NamesrvNodeArgs", args);
  const { draft, view, found } = checked;
  hostPartRules(draft.host, member(view, "host"), found, "host.");
  namesrvConfRules(draft.namesrvConfig ?? {}, found, "namesrvConfig");
  return sorted(checked);
}

export function validateBrokerNode(args: unknown): ValidationError[] {
  const checked = check<BrokerNodeArgs>("BrokerNodeArgs", args);
  const { draft, view, found } = checked;
  hostPartRules(draft.host, member(view, "host"), found, "host.");
  const version = versionOf(draft.host?.version);
  const { flushDiskType, brokerRole, replicas, index = 0 } = draft;
  brokerConfRules(
    draft.brokerConfig ?? {},
    { version, flushDiskType, brokerRole },
    found,
    "brokerConfig",
  );
  if (brokerRole === "SYNC_MASTER" && index === 0 && replicas === 1) {
    found.add(
      "brokerRole",
      "sync-without-slave",
      "the group has no slave that its master could wait for",
      "Set replicas to the number of brokers in the group, or brokerRole: ASYNC_MASTER.",
    );
  }
  const reserved = [draft.host?.clusterName ?? DEFAULTS.clusterName];
  topicRules(draft.topics ?? {}, { version, reserved }, found);
  subscriptionGroupRules(draft.subscriptionGroups ?? {}, found);
  return sorted(checked);
}

export function validateExporterNode(args: unknown): ValidationError[] {
  const checked = check<ExporterNodeArgs>("ExporterNodeArgs", args);
  const { draft, view, found } = checked;
  hostPartRules(draft.host, member(view, "host"), found, "host.");
  exporterRules(draft.exporter, draft.consul, found);
  jarRules(member(member(view, "exporter"), "jar") as { url?: unknown } | undefined, found);
  return sorted(checked);
}

/** Arguments that decide the shape of the cluster; the schema's errors there make a placement void. */
const SHAPE_POINTER =
  /^(\/(machines(\/\d+(\/(name|roles|zone).*)?)?|nameServers|nameServerMachines.*|brokerGroups|replicasPerGroup|brokersPerMachine|maxUnavailable|groups(\/\d+(\/(key|machines|port).*)?)?|ports.*|exporter(\/(enabled|source|machine|port))?))?$/;

/** The same as paths, `*` for every element. */
const CLUSTER_SHAPE = [
  "machines",
  "machines.*.name",
  "machines.*.roles",
  "machines.*.zone",
  "nameServers",
  "nameServerMachines",
  "nameServerMachines.*",
  "brokerGroups",
  "replicasPerGroup",
  "brokersPerMachine",
  "maxUnavailable",
  "groups",
  "groups.*.key",
  "groups.*.machines",
  "groups.*.machines.*",
  "groups.*.port",
  "ports",
  "ports.namesrv",
  "ports.broker",
  "exporter",
  "exporter.enabled",
  "exporter.source",
  "exporter.machine",
  "exporter.port",
];

interface Checked<T> {
  view: unknown;
  draft: Draft<T>;
  found: Mistakes;
  /** JSON pointers of what the schema refused. */
  wrong: string[];
}

function check<T>(root: Root, args: unknown): Checked<T> {
  const view = plainView(args);
  const found = new Mistakes();
  const wrong: string[] = [];
  for (const error of schemaErrors(root, view)) {
    const place = located(error, view);
    if (place !== undefined) {
      found.errors.push(place.error);
      wrong.push(pointerOf(error));
    }
  }
  const draft = (draftOf(view, new Set(wrong)) ?? {}) as Draft<T>;
  return { view, draft, found, wrong };
}

/** Where a value is wrong; for keys that are missing or too many, the key's own place. */
function pointerOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  const key = params.missingProperty ?? params.additionalProperty ?? error.propertyName;
  return typeof key === "string" ? `${error.instancePath}/${key}` : error.instancePath;
}

function hostPartRules(
  host: Draft<HostArgs> | undefined,
  view: unknown,
  found: Mistakes,
  prefix: string,
): void {
  const inner = new Mistakes(prefix);
  hostRules(host ?? {}, inner);
  pushedFileRules(view, inner);
  machineRules(host?.machine ?? {}, inner, "machine");
  connectionRules({ ...host?.connection, ...host?.machine?.connection }, inner, "connection");
  plainRules(view, ["machine", "machine.name"], inner);
  found.errors.push(...inner.errors);
}

/** For rules that ask what a version can do; an unsupported one is an error of its own. */
function versionOf(version: string | undefined): string {
  return version !== undefined && isSupported(version) ? version : DEFAULT_VERSION;
}

/** In the order of the arguments, each mistake once. */
function sorted({ view, found }: Checked<unknown>): ValidationError[] {
  const keys = typeof view === "object" && view !== null ? Object.keys(view) : [];
  const rank = (path: string) => {
    const index = keys.findIndex((key) => new RegExp(`^${key}(\\W|$)`).test(path));
    return index < 0 ? keys.length : index;
  };
  const unique = new Map(found.errors.map((error) => [`${error.path} ${error.rule}`, error]));
  return [...unique.values()].sort((a, b) => rank(a.path) - rank(b.path));
}
