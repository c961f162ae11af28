/** For tests: the inputs of every document of the classic cluster on five machines. */
import type { RocketMQClusterArgs } from "../spec/cluster";
import type { Plain } from "../spec/plain";
import { resolveCluster } from "../spec/resolve";
import { placeCluster } from "../topology/place";
import type { BrokerInput, ExporterInput, NamesrvInput, PreflightInput } from "./documents";

const CLASSIC: Plain<RocketMQClusterArgs> = {
  machines: [
    { name: "ns1", address: "10.0.0.1", roles: ["namesrv"] },
    { name: "ns2", address: "10.0.0.2", roles: ["namesrv"] },
    { name: "b1", address: "10.0.0.3", roles: ["broker"] },
    { name: "b2", address: "10.0.0.4", roles: ["broker"] },
    { name: "ex", address: "10.0.0.5", roles: ["exporter"] },
  ],
};

export interface Inputs {
  preflights: PreflightInput[];
  namesrvs: NamesrvInput[];
  brokers: BrokerInput[];
  exporter: ExporterInput;
}

export function classic(overrides: Partial<Plain<RocketMQClusterArgs>> = {}): Inputs {
  const { shape, settings, addresses } = resolveCluster({ ...CLASSIC, ...overrides });
  const { namesrvs, brokers, exporter, hosts } = placeCluster(shape);
  const { host } = settings;
  const at = (machine: string) => must(addresses[machine]);
  const namesrv = namesrvs.map(({ machine, port }) => `${at(machine).address}:${port}`);
  return {
    preflights: hosts.map((placement) => ({
      host,
      placement,
      namesrvJvm: settings.namesrv.jvm,
      brokerJvm: settings.broker.jvm,
      exporter: settings.exporter,
    })),
    namesrvs: namesrvs.map((slot) => ({
      host,
      namesrv: settings.namesrv,
      slot,
      addresses: at(slot.machine),
    })),
    brokers: brokers.map((slot) => ({
      host,
      broker: settings.broker,
      group: must(settings.groups[slot.groupKey]),
      slot,
      addresses: at(slot.machine),
      namesrv,
    })),
    exporter: {
      host,
      exporter: must(settings.exporter),
      slot: must(exporter),
      addresses: at(must(exporter).machine),
      namesrv,
    },
  };
}

/** Tests fail with a stack where something is missing, not with a riddle further on. */
export function must<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("missing");
  }
  return value;
}
