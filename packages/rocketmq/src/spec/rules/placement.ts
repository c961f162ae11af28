import { DEFAULT_VERSION } from "../../config/versions";
import { tryPlaceCluster } from "../../topology/place";
import { brokerMetricsPort } from "../../topology/ports";
import type { Topology } from "../../topology/types";
import type { RocketMQClusterArgs } from "../cluster";
import type { Draft } from "../draft";
import type { Plain } from "../plain";
import { resolveShape } from "../resolveShape";
import { Mistakes, repeated } from "./rule";

/** Numbers and lists that say the same thing in two ways. */
export function countRules(args: Draft<RocketMQClusterArgs>, found: Mistakes): void {
  const { nameServers, nameServerMachines, brokerGroups, groups } = args;
  if (
    nameServerMachines &&
    nameServers !== undefined &&
    nameServers !== nameServerMachines.length
  ) {
    found.add(
      "nameServers",
      "conflict",
      `${nameServers} is not the number of nameServerMachines, ${nameServerMachines.length}`,
      "Keep one of the two.",
    );
  }
  const { nameServerNumbers } = args;
  if (nameServerNumbers && nameServerNumbers.length !== nameServerMachines?.length) {
    found.add(
      "nameServerNumbers",
      "conflict",
      `there are ${nameServerNumbers.length} numbers for ${nameServerMachines?.length ?? "no"} nameServerMachines`,
      "Give one number for each of nameServerMachines, in the same order.",
    );
  }
  for (const index of repeated((nameServerNumbers ?? []).map(String))) {
    found.add(
      `nameServerNumbers[${index}]`,
      "duplicate-number",
      `${nameServerNumbers?.[index]} is the number of another name server too`,
      "Give every name server a number of its own.",
    );
  }
  if (groups && brokerGroups !== undefined) {
    found.add("brokerGroups", "conflict", "groups says how many there are", "Keep one of the two.");
  }
  for (const index of repeated((groups ?? []).map(({ key }) => key))) {
    found.add(
      `groups[${index}].key`,
      "duplicate-group",
      `"${groups?.[index]?.key}" is the key of another group too`,
      "Give every group a key of its own.",
    );
  }
  const names = (groups ?? []).map(({ key, brokerName }) => brokerName ?? `broker-${key}`);
  for (const index of repeated(names)) {
    if (groups?.[index]?.brokerName !== undefined) {
      found.add(
        `groups[${index}].brokerName`,
        "duplicate-broker-name",
        `"${names[index]}" is the name of another group's brokers too`,
        "Give every group a broker name of its own, or leave it out.",
      );
    }
  }
}

/** Mistakes that make every placement ambiguous; to add its complaints would only confuse. */
const AMBIGUOUS: readonly string[] = ["duplicate-machine", "duplicate-group"];

/** What cannot be placed. Only for arguments whose names, keys and counts have the right form. */
export function placementRules(args: Draft<RocketMQClusterArgs>, found: Mistakes): void {
  if (found.errors.some(({ rule }) => AMBIGUOUS.includes(rule))) {
    return;
  }
  const { topology, errors } = tryPlaceCluster(resolveShape(args as Plain<RocketMQClusterArgs>));
  errors.forEach(({ path, rule, message, remedy }) => found.add(path, rule, message, remedy));
  loneMasterRules(args, topology, found);
  promPortRules(args, topology, found);
  storeRules(args, topology, found);
}

/** Two brokers of a machine in one folder. */
function storeRules(
  { groups, storePathRootDir }: Draft<RocketMQClusterArgs>,
  { brokers }: Topology,
  found: Mistakes,
): void {
  const taken = new Map<string, string>();
  for (const { machine, slot, groupKey } of brokers) {
    const position = groups?.findIndex(({ key }) => key === groupKey) ?? -1;
    const own = groups?.[position]?.storePathRootDir;
    const folder = own ?? storePathRootDir;
    if (folder === undefined) {
      continue;
    }
    const other = taken.get(`${machine} ${folder}`);
    taken.set(`${machine} ${folder}`, slot);
    if (other !== undefined) {
      found.add(
        own === undefined ? "storePathRootDir" : `groups[${position}].storePathRootDir`,
        "shared-store",
        `${slot} and ${other} on machine "${machine}" would write to one folder, ${folder}`,
        "Give each group a storePathRootDir of its own, or leave it out.",
      );
      return;
    }
  }
}

/** A master that waits for a slave that is not there refuses every message (RocketMQ 5). */
function loneMasterRules(
  { brokerRole }: Draft<RocketMQClusterArgs>,
  { brokers }: Topology,
  found: Mistakes,
): void {
  const lone = brokers.find(({ replicas }) => replicas === 1);
  if (brokerRole === "SYNC_MASTER" && lone !== undefined) {
    found.add(
      "brokerRole",
      "sync-without-slave",
      `group "${lone.groupKey}" has no slave that its master could wait for`,
      "Set replicasPerGroup: 2 (or name a second machine for the group), or brokerRole: ASYNC_MASTER.",
    );
  }
}

/** A broker's own metrics on a port that something else on the machine has. */
function promPortRules(
  { brokerConfig, groups, version }: Draft<RocketMQClusterArgs>,
  { hosts, brokers }: Topology,
  found: Mistakes,
): void {
  const taken = new Map<string, string>();
  for (const { machine, slot, groupKey, ports: own } of brokers) {
    const group = groups?.find(({ key }) => key === groupKey)?.brokerConfig;
    const conf: Record<string, string | undefined> = { ...brokerConfig, ...group };
    if (conf.metricsExporterType?.toUpperCase() !== "PROM") {
      continue;
    }
    const port = conf.metricsPromExporterPort ?? String(brokerMetricsPort(own.listen));
    const ports = hosts.find((host) => host.machine === machine)?.ports ?? {};
    const other = ports[port] ?? taken.get(`${machine} ${port}`);
    taken.set(`${machine} ${port}`, slot);
    if (other !== undefined) {
      found.add(
        "brokerConfig.metricsPromExporterPort",
        "port-collision",
        `${slot} would serve its metrics on port ${port} of machine "${machine}", which ${other} uses (RocketMQ ${version ?? DEFAULT_VERSION})`,
        "Choose another metricsPromExporterPort, or take it out: each broker then gets one of its own.",
      );
      return;
    }
  }
}
