import { groupKeys } from "../topology/groupKeys";
import type { RocketMQClusterArgs } from "./cluster";
import { DEFAULTS } from "./defaults";
import { MachineRole } from "./enums";
import type { MachineArgs } from "./machine";
import type { Plain } from "./plain";
import type { ClusterShape, GroupShape, MachineShape } from "./resolved";

type ShapeArgs = RocketMQClusterArgs | Plain<RocketMQClusterArgs>;

/** Who and how many: reads plain arguments only, so it works before anything is known. */
export function resolveShape(args: ShapeArgs): ClusterShape {
  const machines = args.machines.map(machineShape);
  return {
    machines,
    nameServers:
      args.nameServerMachines?.length ?? args.nameServers ?? defaultNameServers(machines),
    ...(args.nameServerMachines ? { nameServerMachines: args.nameServerMachines } : {}),
    ...(args.nameServerNumbers ? { nameServerNumbers: args.nameServerNumbers } : {}),
    groups: groupShapes(args),
    replicasPerGroup: args.replicasPerGroup ?? DEFAULTS.replicasPerGroup,
    brokersPerMachine: args.brokersPerMachine ?? DEFAULTS.brokersPerMachine,
    ports: {
      namesrv: args.ports?.namesrv ?? DEFAULTS.ports.namesrv,
      broker: args.ports?.broker ?? DEFAULTS.ports.broker,
    },
    ...((args.exporter?.enabled ?? true) ? { exporter: exporterShape(args) } : {}),
    maxUnavailable: args.maxUnavailable ?? DEFAULTS.maxUnavailable,
  };
}

function machineShape({ name, roles, zone }: MachineArgs | Plain<MachineArgs>): MachineShape {
  return {
    name,
    roles: roles && roles.length > 0 ? roles : Object.values(MachineRole),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** Two; one where no second machine may carry one. A second machine adds one and moves none. */
function defaultNameServers(machines: MachineShape[]): number {
  const eligible = machines.filter(({ roles }) => roles.includes("namesrv")).length;
  return Math.max(1, Math.min(DEFAULTS.nameServers, eligible));
}

function groupShapes(args: ShapeArgs): GroupShape[] {
  return args.groups
    ? args.groups.map(({ key, machines, port }) => ({
        key,
        ...(machines ? { machines } : {}),
        ...(port === undefined ? {} : { port }),
      }))
    : groupKeys(args.brokerGroups ?? DEFAULTS.brokerGroups).map((key) => ({ key }));
}

function exporterShape({ exporter }: ShapeArgs): NonNullable<ClusterShape["exporter"]> {
  return {
    source: exporter?.source ?? DEFAULTS.exporter.source,
    port: exporter?.port ?? DEFAULTS.exporter.port,
    ...(exporter?.machine === undefined ? {} : { machine: exporter.machine }),
  };
}
