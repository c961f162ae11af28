/**
 * From what the user said to what is meant: every default filled in. Arguments that
 * `validateCluster` refuses are not looked at again.
 */
import { hostPlacement } from "../topology/hosts";
import type { BrokerSlot, ExporterSlot, HostPlacement, NamesrvSlot } from "../topology/types";
import type { RocketMQClusterArgs } from "./cluster";
import { DEFAULTS } from "./defaults";
import type { MachineArgs } from "./machine";
import type { NamesrvNodeArgs } from "./nodes";
import type { Plain } from "./plain";
import { resolveBroker, resolveGroup } from "./resolveBroker";
import { resolveExporter } from "./resolveExporter";
import { resolveHost, resolveJvm } from "./resolveHost";
import { resolveShape } from "./resolveShape";
import type {
  ClusterSettings,
  ClusterSpec,
  GroupSettings,
  MachineAddresses,
  NamesrvSettings,
} from "./resolved";
import { groupKeys } from "../topology/groupKeys";

export type { Plain } from "./plain";
export { brokerNodeSlot, resolveBrokerNode } from "./resolveBroker";
export { resolveConsul } from "./resolveConsul";
export { exporterNodeSlot, resolveExporter } from "./resolveExporter";
export { resolveHost } from "./resolveHost";
export { resolveShape } from "./resolveShape";

/** Everything but the shape and the machines' addresses, which it does not read. */
export function resolveSettings(
  args: Omit<Plain<RocketMQClusterArgs>, "machines" | "connection">,
): ClusterSettings {
  const host = resolveHost(args);
  const exporter = (args.exporter?.enabled ?? true) ? resolveExporter(args.exporter) : undefined;
  return {
    host,
    namesrv: { conf: args.namesrvConfig ?? {}, jvm: resolveJvm(args.namesrvJvm) },
    broker: resolveBroker({ ...args, jvm: args.brokerJvm }),
    groups: groupSettings(args),
    ...(exporter ? { exporter } : {}),
  };
}

function groupSettings(
  args: Pick<Plain<RocketMQClusterArgs>, "groups" | "brokerGroups" | "storePathRootDir">,
): GroupSettings {
  const groups =
    args.groups ?? groupKeys(args.brokerGroups ?? DEFAULTS.brokerGroups).map((key) => ({ key }));
  const { storePathRootDir } = args;
  return Object.fromEntries(
    groups.map((group) => [group.key, resolveGroup(group.key, { storePathRootDir, ...group })]),
  );
}

export function resolveAddresses({
  address,
  advertise,
  haAddress,
}: Pick<Plain<MachineArgs>, "address" | "advertise" | "haAddress">): MachineAddresses {
  return { address, advertise: advertise ?? address, haAddress: haAddress ?? address };
}

export function resolveCluster(args: Plain<RocketMQClusterArgs>): ClusterSpec {
  return {
    shape: resolveShape(args),
    settings: resolveSettings(args),
    addresses: Object.fromEntries(
      args.machines.map((machine) => [machine.name, resolveAddresses(machine)]),
    ),
  };
}

/** A node on its own, as the cluster would have it: slot and placement read plain values only. */
export function namesrvNodeSlot(
  args: Pick<NamesrvNodeArgs, "index" | "port"> & { host: { machine: { name: string } } },
): NamesrvSlot {
  const index = args.index ?? 0;
  return {
    slot: `namesrv-${index}`,
    index,
    machine: args.host.machine.name,
    port: args.port ?? DEFAULTS.ports.namesrv,
  };
}

/** What a machine with only this slot carries. */
export function placementOf(slot: NamesrvSlot | BrokerSlot | ExporterSlot): HostPlacement {
  return hostPlacement(slot.machine, [slot]);
}

export function resolveNamesrvNode(args: Omit<Plain<NamesrvNodeArgs>, "host">): NamesrvSettings {
  return { conf: args.namesrvConfig ?? {}, jvm: resolveJvm(args.jvm) };
}
