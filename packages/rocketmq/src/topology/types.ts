import type { MachineRole } from "../spec/enums";

/** A name server on a machine. */
export interface NamesrvSlot {
  /** `namesrv-0` */
  slot: string;
  index: number;
  machine: string;
  port: number;
}

/** The three ports of a broker. */
export interface BrokerPorts {
  listen: number;
  /** listen - 2: clients' fast lane. */
  fast: number;
  /** listen + 1: replication. */
  ha: number;
}

/** A broker on a machine. */
export interface BrokerSlot {
  /** `broker-a-0` */
  slot: string;
  groupKey: string;
  /** 0: master. */
  index: number;
  /** RocketMQ's brokerId; the index. */
  brokerId: number;
  machine: string;
  ports: BrokerPorts;
  /** Brokers in its group, the master included. */
  replicas: number;
}

/** The exporter on a machine. */
export interface ExporterSlot {
  slot: "exporter";
  machine: string;
  port: number;
}

/** What one machine carries. */
export interface HostPlacement {
  machine: string;
  roles: MachineRole[];
  /** Slots, in the order name server, brokers, exporter. */
  slots: string[];
  /** Every TCP port that must be free or ours: port to slot. */
  ports: Record<string, string>;
}

/** Who runs where. */
export interface Topology {
  namesrvs: NamesrvSlot[];
  /** Group by group, the master first. */
  brokers: BrokerSlot[];
  exporter?: ExporterSlot;
  /** Machines that carry something, in the order of the list. */
  hosts: HostPlacement[];
  /** Worth telling the user: machines that carry nothing, and the like. */
  warnings: string[];
}
