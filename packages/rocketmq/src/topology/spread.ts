import type { MachineShape } from "../spec/resolved";

/**
 * Chooses the machines of one group, the master's first.
 *
 * First fit in the order of the list, so that machines appended later change nothing. Where all
 * have a zone, each broker goes to a zone that holds fewest of its group; where no machine is free
 * there, the answer is undefined rather than a second choice, which a machine appended later would
 * undo. (With more brokers in a group than there are zones, a machine in a new zone does attract
 * one: that is refused in the preview of a cluster that runs.)
 */
export function chooseMachines(
  machines: readonly MachineShape[],
  count: number,
  isFree: (machine: string) => boolean,
  masters: (machine: string) => number,
): string[] | undefined {
  const zoned = machines.every(({ zone }) => zone !== undefined);
  const zoneOf = ({ zone }: MachineShape) => (zoned ? zone : undefined);
  const zones = new Set(machines.map(zoneOf));
  const chosen: MachineShape[] = [];
  for (let index = 0; index < count; index++) {
    const uses = (zone: string | undefined) => chosen.filter((c) => zoneOf(c) === zone).length;
    const fewest = Math.min(...[...zones].map(uses));
    const machine = machines.find(
      (candidate) =>
        !chosen.includes(candidate) && isFree(candidate.name) && uses(zoneOf(candidate)) === fewest,
    );
    if (machine === undefined) {
      return undefined;
    }
    chosen.push(machine);
  }
  return mastersApart(
    chosen.map(({ name }) => name),
    masters,
  );
}

/** Two machines with two groups hold one master each: the lighter one leads. */
function mastersApart(chosen: string[], masters: (machine: string) => number): string[] {
  const fewest = Math.min(...chosen.map(masters));
  const leader = chosen.find((machine) => masters(machine) === fewest);
  return leader === undefined ? [] : [leader, ...chosen.filter((machine) => machine !== leader)];
}
