import type { ValidationError } from "../spec/errors";
import type { ClusterShape, MachineShape } from "../spec/resolved";
import type { Topology } from "./types";

/** The explicit machines that exist, may carry the role and are named once; errors for the rest. */
export function checkedMachines(
  shape: ClusterShape,
  names: string[],
  path: string,
  role: MachineShape["roles"][number],
  errors: ValidationError[],
): string[] {
  const at = (index: number) => (path === "exporter.machine" ? path : `${path}[${index}]`);
  return names.filter((name, index) => {
    const machine = shape.machines.find((candidate) => candidate.name === name);
    if (machine === undefined) {
      const known = shape.machines.map((candidate) => candidate.name).join(", ");
      errors.push({
        path: at(index),
        rule: "unknown-machine",
        message: `there is no machine "${name}"`,
        remedy: `Write the name of one of the machines: ${known}.`,
      });
      return false;
    }
    if (names.indexOf(name) !== index) {
      errors.push({
        path: at(index),
        rule: "machine-twice",
        message: `"${name}" is named twice`,
        remedy: "Name another machine: two on one machine would be lost together.",
      });
      return false;
    }
    if (!machine.roles.includes(role)) {
      errors.push({
        path: at(index),
        rule: "wrong-role",
        message: `the roles of "${name}" are ${machine.roles.join(", ")}`,
        remedy: `Add "${role}" to the roles of "${name}", or name another machine.`,
      });
      return false;
    }
    return true;
  });
}

/** Why a group found no machines. */
export function noRoom(
  shape: ClusterShape,
  eligible: MachineShape[],
  position: number,
): ValidationError {
  const { replicasPerGroup, brokersPerMachine, groups } = shape;
  const path = groups.length > 1 ? "brokerGroups" : "replicasPerGroup";
  if (eligible.length < replicasPerGroup) {
    return {
      path: "replicasPerGroup",
      rule: "too-few-machines",
      message: `${replicasPerGroup} brokers in a group need as many machines; ${eligible.length} may carry one`,
      remedy: `Lower replicasPerGroup to ${Math.max(eligible.length, 1)}, add machines, or add "broker" to the roles of more of them.`,
    };
  }
  const zones = new Set(eligible.map(({ zone }) => zone)).size;
  const zoned =
    zones > 1 && eligible.length * brokersPerMachine >= groups.length * replicasPerGroup
      ? " in the zone that is next"
      : "";
  return {
    path,
    rule: "too-few-machines",
    message: `no machine is free${zoned} for group "${groups[position]?.key ?? ""}": ${groups.length} groups of ${replicasPerGroup} brokers on ${eligible.length} machines with ${brokersPerMachine} each`,
    remedy: zoned
      ? "Add a machine to the smallest zone, or name the machines of each group in groups."
      : "Add machines, lower the number, or raise brokersPerMachine.",
  };
}

/** Machines that carry nothing: a warning, since a spare machine may be meant. */
export function idleMachines(shape: ClusterShape, hosts: Topology["hosts"]): string[] {
  const idle = shape.machines
    .map(({ name }) => name)
    .filter((name) => !hosts.some((host) => host.machine === name));
  if (idle.length === 0) {
    return [];
  }
  const shared = hosts.filter(({ roles }) => roles.includes("namesrv") && roles.includes("broker"));
  const advice =
    shared.length > 0
      ? ` while ${carry(shared.map(({ machine }) => machine))} a name server and a broker; give machines roles before the first deployment to keep them apart`
      : "; raise a count, or take them off the list";
  return [`${carry(idle)} nothing${advice}`];
}

function carry(machines: string[]): string {
  return `${machines.join(", ")} ${machines.length === 1 ? "carries" : "carry"}`;
}
