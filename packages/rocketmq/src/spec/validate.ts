import { groupKeys } from "../topology/groupKeys";
import { check, sorted, versionOf } from "./check";
import type { RocketMQClusterArgs } from "./cluster";
import { DEFAULTS } from "./defaults";
import type { ValidationError } from "./errors";
import { member } from "./paths";
import { brokerConfRules, namesrvConfRules } from "./rules/conf";
import { brokerMetricsRules, consulRules } from "./rules/consul";
import { exporterRules, jarRules } from "./rules/exporter";
import { connectionRules, hostRules } from "./rules/host";
import { machinesRules } from "./rules/machines";
import { countRules, placementRules } from "./rules/placement";
import { plainRules } from "./rules/plainness";
import { pushedFileRules } from "./rules/pushed";
import { leavingRules, takeOutRules } from "./rules/takeOut";
import { subscriptionGroupRules, topicRules } from "./rules/topics";
import { CONSUL_SHAPE } from "./validateNodes";

export {
  validateBrokerNode,
  validateExporterNode,
  validateHost,
  validateNamesrvNode,
} from "./validateNodes";

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
  const keys = groupKeys(draft.brokerGroups ?? DEFAULTS.brokerGroups).map((key) => ({ key }));
  const brokerNames = (draft.groups ?? keys).map((group) => brokerNameOf(group));
  const reserved = [draft.clusterName ?? DEFAULTS.clusterName, ...brokerNames];
  topicRules(draft.topics ?? {}, { version, reserved }, found);
  subscriptionGroupRules(draft.subscriptionGroups ?? {}, found);
  takeOutRules(draft, found);
  exporterRules(draft.exporter, found);
  consulRules(draft.exporter, draft.consul, found);
  const configs = (draft.groups ?? [{}]).map((_, index) => [
    member(view, "brokerConfig"),
    member(member(member(view, "groups"), index), "brokerConfig"),
  ]);
  brokerMetricsRules(draft.consul, version, configs, found);
  jarRules(member(member(view, "exporter"), "jar") as { url?: unknown } | undefined, found);
  const notPlain = plainRules(view, CLUSTER_SHAPE, found);
  if (!notPlain && !checked.wrong.some((pointer) => SHAPE_POINTER.test(pointer))) {
    placementRules(draft, found);
    if (found.errors.length === 0) {
      leavingRules(draft, found);
    }
  }
  return sorted(checked);
}

function brokerNameOf({ key, brokerName }: { key?: string; brokerName?: string }): string {
  return brokerName ?? `broker-${key}`;
}

/** Arguments that decide the shape of the cluster; the schema's errors there make a placement void. */
const SHAPE_POINTER =
  /^(\/(machines(\/\d+(\/(name|roles|zone).*)?)?|nameServers|nameServerMachines.*|nameServerNumbers.*|brokerGroups|replicasPerGroup|brokersPerMachine|maxUnavailable|groups(\/\d+(\/(key|machines|port).*)?)?|ports.*|exporter(\/(enabled|source|machine|port))?))?$/;

/** The same as paths, `*` for every element. */
const CLUSTER_SHAPE = [
  "allowDestroy",
  "machines",
  "machines.*.name",
  "machines.*.roles",
  "machines.*.zone",
  "nameServers",
  "nameServerMachines",
  "nameServerMachines.*",
  "nameServerNumbers",
  "nameServerNumbers.*",
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
  "decommission",
  "decommission.*",
  "lost",
  "lost.*",
  "timeouts.decommission",
  "exporter",
  "exporter.enabled",
  "exporter.source",
  "exporter.machine",
  "exporter.port",
  ...CONSUL_SHAPE,
];
