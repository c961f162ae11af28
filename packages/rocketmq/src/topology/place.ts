/**
 * Who runs where.
 *
 * The rule: name servers, brokers and the exporter are placed independently of each other, each on
 * the first machines of the list that may carry it, one broker a machine unless
 * `brokersPerMachine` says more, never two of a group on one machine.
 *
 * Why so simple: what runs must never move because a machine was appended or a count was raised,
 * and a placement knows no history. Then a broker's place cannot depend on how many machines there
 * are, so it cannot be "apart from the name servers if there is room" (four machines make the room
 * that two did not have, and the master would move). Roles say what shall be apart.
 *
 * `replicasPerGroup` and `brokersPerMachine` shift every later group; raised on a running cluster,
 * they need `groups` with explicit machines, and are refused without (a master would move). No rule
 * spares that: one that keeps every broker's place both when groups and when replicas are added
 * would have to leave machines empty for either.
 */
import { formatErrors, type ValidationError } from "../spec/errors";
import type { ClusterShape, GroupShape } from "../spec/resolved";
import { hostPlacements, portErrors } from "./hosts";
import { BROKER_PORT_STEP, brokerPorts } from "./ports";
import { checkedMachines, idleMachines, noRoom } from "./problems";
import { chooseMachines } from "./spread";
import type { BrokerSlot, ExporterSlot, NamesrvSlot, Topology } from "./types";

/** Says who runs where. Throws only for shapes that `validateCluster` refuses. */
export function placeCluster(shape: ClusterShape): Topology {
  const { topology, errors } = tryPlaceCluster(shape);
  if (errors.length > 0) {
    throw new Error(formatErrors(errors));
  }
  return topology;
}

/** The same with every mistake reported; the topology is what could be placed. */
export function tryPlaceCluster(shape: ClusterShape): {
  topology: Topology;
  errors: ValidationError[];
} {
  const errors: ValidationError[] = [];
  const namesrvs = placeNamesrvs(shape, errors);
  const brokers = placeBrokers(shape, errors);
  const exporter = placeExporter(shape, errors);
  const hosts = hostPlacements(shape, namesrvs, brokers, exporter);
  errors.push(...portErrors(namesrvs, brokers, exporter));
  const topology = { namesrvs, brokers, exporter, hosts, warnings: idleMachines(shape, hosts) };
  return { topology, errors };
}

function placeNamesrvs(shape: ClusterShape, errors: ValidationError[]): NamesrvSlot[] {
  const eligible = shape.machines.filter(({ roles }) => roles.includes("namesrv"));
  const explicit = shape.nameServerMachines;
  const machines = explicit
    ? checkedMachines(shape, explicit, "nameServerMachines", "namesrv", errors)
    : eligible.slice(0, shape.nameServers).map(({ name }) => name);
  if (!explicit && eligible.length < shape.nameServers) {
    errors.push({
      path: "nameServers",
      rule: "too-few-machines",
      message: `${shape.nameServers} name servers need as many machines; ${eligible.length} may carry one`,
      remedy: `Lower nameServers to ${eligible.length}, add machines, or add "namesrv" to the roles of more of them.`,
    });
  }
  return machines.map((machine, position) => {
    const index = shape.nameServerNumbers?.[position] ?? position;
    return { slot: `namesrv-${index}`, index, machine, port: shape.ports.namesrv };
  });
}

function placeBrokers(shape: ClusterShape, errors: ValidationError[]): BrokerSlot[] {
  const eligible = shape.machines.filter(({ roles }) => roles.includes("broker"));
  const slots: BrokerSlot[] = [];
  const onMachine = (machine: string) => slots.filter((slot) => slot.machine === machine);
  let full = false;
  shape.groups.forEach((group, position) => {
    const machines = group.machines
      ? checkedMachines(shape, group.machines, `groups[${position}].machines`, "broker", errors)
      : chooseMachines(
          eligible,
          shape.replicasPerGroup,
          (machine) => onMachine(machine).length < shape.brokersPerMachine,
          (machine) => onMachine(machine).filter(({ index }) => index === 0).length,
        );
    if (machines === undefined) {
      if (!full) {
        errors.push(noRoom(shape, eligible, position));
      }
      full = true;
      return;
    }
    slots.push(...groupSlots(shape, group, machines, (machine) => onMachine(machine).length));
  });
  return slots;
}

/**
 * Machines that a broker of a group does not leave by placement alone: those that may carry one,
 * where the group names none. None where the program says itself where they are.
 */
export function machinesToStayOn(shape: ClusterShape, groupKey: string): ReadonlySet<string> {
  const explicit = shape.groups.find(({ key }) => key === groupKey)?.machines;
  const eligible = explicit
    ? []
    : shape.machines.filter(({ roles }) => roles.includes("broker")).map(({ name }) => name);
  return new Set(eligible);
}

function groupSlots(
  shape: ClusterShape,
  group: GroupShape,
  machines: string[],
  carried: (machine: string) => number,
): BrokerSlot[] {
  return machines.map((machine, index) => ({
    slot: `broker-${group.key}-${index}`,
    groupKey: group.key,
    index,
    brokerId: index,
    machine,
    ports: brokerPorts(group.port ?? shape.ports.broker + carried(machine) * BROKER_PORT_STEP),
    replicas: machines.length,
  }));
}

function placeExporter(shape: ClusterShape, errors: ValidationError[]): ExporterSlot | undefined {
  if (shape.exporter === undefined) {
    return undefined;
  }
  const { machine: explicit, port } = shape.exporter;
  const machine =
    explicit === undefined
      ? shape.machines.find(({ roles }) => roles.includes("exporter"))?.name
      : checkedMachines(shape, [explicit], "exporter.machine", "exporter", errors)[0];
  if (machine === undefined) {
    if (explicit === undefined) {
      errors.push({
        path: "exporter",
        rule: "too-few-machines",
        message: "no machine may carry the exporter",
        remedy: `Add "exporter" to the roles of a machine, or set exporter.enabled: false.`,
      });
    }
    return undefined;
  }
  return { slot: "exporter", machine, port };
}
