import { check, sorted, versionOf } from "./check";
import { DEFAULTS } from "./defaults";
import type { Draft } from "./draft";
import type { ValidationError } from "./errors";
import type { HostArgs } from "./host";
import type { BrokerNodeArgs, ExporterNodeArgs, NamesrvNodeArgs } from "./nodes";
import { member } from "./paths";
import { brokerConfRules, namesrvConfRules } from "./rules/conf";
import { brokerMetricsRules } from "./rules/consul";
import { exporterRules, jarRules } from "./rules/exporter";
import { connectionRules, hostRules } from "./rules/host";
import { machineRules } from "./rules/machines";
import { plainRules } from "./rules/plainness";
import { pushedFileRules } from "./rules/pushed";
import { Mistakes } from "./rules/rule";
import { subscriptionGroupRules, topicRules } from "./rules/topics";

/** What of a registration decides which resources there are. */
export const CONSUL_SHAPE = ["consul", "consul.through", "consul.services", "consul.services.*"];

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
  plainRules(view, CONSUL_SHAPE, found);
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
  plainRules(view, CONSUL_SHAPE, found);
  brokerMetricsRules(draft.consul, version, [[member(view, "brokerConfig")]], found);
  return sorted(checked);
}

export function validateExporterNode(args: unknown): ValidationError[] {
  const checked = check<ExporterNodeArgs>("ExporterNodeArgs", args);
  const { draft, view, found } = checked;
  hostPartRules(draft.host, member(view, "host"), found, "host.");
  exporterRules(draft.exporter, found);
  plainRules(view, CONSUL_SHAPE, found);
  jarRules(member(member(view, "exporter"), "jar") as { url?: unknown } | undefined, found);
  return sorted(checked);
}

/** The host of a node, with its place in front of every path. */
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
