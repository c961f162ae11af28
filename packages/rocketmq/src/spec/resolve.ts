import type * as pulumi from "@pulumi/pulumi";
import type { RocketMQClusterArgs } from "./cluster";
import type { HostArgs } from "./host";
import type { MachineArgs } from "./machine";
import type { BrokerNodeArgs, ExporterNodeArgs, NamesrvNodeArgs } from "./nodes";
import type {
  BrokerSettings,
  ClusterSettings,
  ClusterShape,
  ClusterSpec,
  ConsulSettings,
  ExporterSettings,
  HostSettings,
  MachineAddresses,
  NamesrvSettings,
} from "./resolved";
import type { BrokerSlot, ExporterSlot, HostPlacement, NamesrvSlot } from "../topology/types";

/** Arguments with every output resolved. */
export type Plain<T> = pulumi.Unwrap<T>;

/** Who and how many: reads plain arguments only, so it works before anything is known. */
export function resolveShape(
  _args: RocketMQClusterArgs | Plain<RocketMQClusterArgs>,
): ClusterShape {
  throw new Error("to be filled in");
}

/** Everything but the shape and the machines' addresses, which it does not read. */
export function resolveSettings(
  _args: Omit<Plain<RocketMQClusterArgs>, "machines" | "connection">,
): ClusterSettings {
  throw new Error("to be filled in");
}

export function resolveAddresses(
  _machine: Pick<Plain<MachineArgs>, "address" | "advertise" | "haAddress">,
): MachineAddresses {
  throw new Error("to be filled in");
}

export function resolveCluster(_args: Plain<RocketMQClusterArgs>): ClusterSpec {
  throw new Error("to be filled in");
}

/** For a host on its own; does not read machine or connection. */
export function resolveHost(_args: Omit<Plain<HostArgs>, "machine" | "connection">): HostSettings {
  throw new Error("to be filled in");
}

/** A node on its own, as the cluster would have it: slot and placement read plain values only. */
export function namesrvNodeSlot(_args: NamesrvNodeArgs | Plain<NamesrvNodeArgs>): NamesrvSlot {
  throw new Error("to be filled in");
}

export function brokerNodeSlot(_args: BrokerNodeArgs | Plain<BrokerNodeArgs>): BrokerSlot {
  throw new Error("to be filled in");
}

export function exporterNodeSlot(_args: ExporterNodeArgs | Plain<ExporterNodeArgs>): ExporterSlot {
  throw new Error("to be filled in");
}

/** What a machine with only this slot carries. */
export function placementOf(_slot: NamesrvSlot | BrokerSlot | ExporterSlot): HostPlacement {
  throw new Error("to be filled in");
}

export function resolveNamesrvNode(_args: Omit<Plain<NamesrvNodeArgs>, "host">): NamesrvSettings {
  throw new Error("to be filled in");
}

export function resolveBrokerNode(_args: Omit<Plain<BrokerNodeArgs>, "host" | "nameServers">): {
  broker: BrokerSettings;
  group: { brokerName: string; conf: Record<string, string> };
} {
  throw new Error("to be filled in");
}

export function resolveExporterNode(_args: Omit<Plain<ExporterNodeArgs>, "host" | "nameServers">): {
  exporter: ExporterSettings;
  consul?: ConsulSettings;
} {
  throw new Error("to be filled in");
}
