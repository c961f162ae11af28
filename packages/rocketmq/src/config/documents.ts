import type {
  BrokerConfigDocument,
  BrokerRolloutDocument,
  ExporterDocument,
  HostDocument,
  NamesrvConfigDocument,
  NamesrvRolloutDocument,
  PreflightDocument,
  ReleaseDocument,
} from "../remote/documents";
import type {
  BrokerSettings,
  ExporterSettings,
  HostSettings,
  JvmSettings,
  MachineAddresses,
  NamesrvSettings,
} from "../spec/resolved";
import type { BrokerSlot, ExporterSlot, HostPlacement, NamesrvSlot } from "../topology/types";

/** What a machine's preflight depends on. */
export interface PreflightInput {
  host: HostSettings;
  placement: HostPlacement;
  /** JVM settings of the roles on the machine, for the memory that they need. */
  namesrvJvm?: JvmSettings;
  brokerJvm?: JvmSettings;
  exporter?: ExporterSettings;
}

export interface NamesrvInput {
  host: HostSettings;
  namesrv: NamesrvSettings;
  slot: NamesrvSlot;
  addresses: MachineAddresses;
}

export interface BrokerInput {
  host: HostSettings;
  broker: BrokerSettings;
  /** brokerName and the group's own keys. */
  group: { brokerName: string; conf: Record<string, string> };
  slot: BrokerSlot;
  addresses: MachineAddresses;
  /** Addresses (host:port) of every name server. */
  namesrv: string[];
}

export interface ExporterInput {
  host: HostSettings;
  exporter: ExporterSettings;
  slot: ExporterSlot;
  addresses: MachineAddresses;
  namesrv: string[];
}

export function preflightDocument(_input: PreflightInput): PreflightDocument {
  throw new Error("to be filled in");
}

export function hostDocument(_host: HostSettings, _machine: string): HostDocument {
  throw new Error("to be filled in");
}

export function namesrvRelease(_input: NamesrvInput): ReleaseDocument {
  throw new Error("to be filled in");
}

export function namesrvConfigDocument(_input: NamesrvInput): NamesrvConfigDocument {
  throw new Error("to be filled in");
}

export function namesrvRolloutDocument(_input: NamesrvInput): NamesrvRolloutDocument {
  throw new Error("to be filled in");
}

export function brokerRelease(_input: BrokerInput): ReleaseDocument {
  throw new Error("to be filled in");
}

export function brokerConfigDocument(_input: BrokerInput): BrokerConfigDocument {
  throw new Error("to be filled in");
}

export function brokerRolloutDocument(_input: BrokerInput): BrokerRolloutDocument {
  throw new Error("to be filled in");
}

export function exporterDocument(_input: ExporterInput): ExporterDocument {
  throw new Error("to be filled in");
}
