import type { ValidationError } from "../spec/errors";
import type { ClusterShape } from "../spec/resolved";
import type { BrokerSlot, ExporterSlot, HostPlacement, NamesrvSlot } from "./types";

type Slot = NamesrvSlot | BrokerSlot | ExporterSlot;

/** What each machine carries, in the order of the list; machines without a role are left out. */
export function hostPlacements(
  shape: Pick<ClusterShape, "machines">,
  namesrvs: NamesrvSlot[],
  brokers: BrokerSlot[],
  exporter: ExporterSlot | undefined,
): HostPlacement[] {
  const slots: Slot[] = [...namesrvs, ...brokers, ...(exporter ? [exporter] : [])];
  return shape.machines
    .map(({ name }) =>
      hostPlacement(
        name,
        slots.filter(({ machine }) => machine === name),
      ),
    )
    .filter(({ slots }) => slots.length > 0);
}

export function hostPlacement(machine: string, slots: Slot[]): HostPlacement {
  return {
    machine,
    roles: [...new Set(slots.map(roleOf))],
    slots: slots.map(({ slot }) => slot),
    ports: Object.fromEntries(
      slots.flatMap((slot) => portsOf(slot).map((port) => [String(port), slot.slot])),
    ),
  };
}

function roleOf(slot: Slot): HostPlacement["roles"][number] {
  return "ports" in slot ? "broker" : slot.slot === "exporter" ? "exporter" : "namesrv";
}

function portsOf(slot: Slot): number[] {
  return "ports" in slot ? [slot.ports.fast, slot.ports.listen, slot.ports.ha] : [slot.port];
}

/** Two slots on one port of a machine, or a port that does not exist. */
export function portErrors(
  namesrvs: NamesrvSlot[],
  brokers: BrokerSlot[],
  exporter: ExporterSlot | undefined,
): ValidationError[] {
  const errors: ValidationError[] = [];
  const taken = new Map<string, Slot>();
  for (const slot of [...namesrvs, ...brokers, ...(exporter ? [exporter] : [])]) {
    for (const port of portsOf(slot)) {
      const other = taken.get(`${slot.machine} ${port}`);
      if (other !== undefined) {
        errors.push({
          path: pathOf(slot),
          rule: "port-collision",
          message: `port ${port} of machine "${slot.machine}" is used by ${other.slot} and ${slot.slot}`,
          remedy:
            "Give one of them another port; a broker with port 10911 also uses 10909 and 10912.",
        });
        break;
      }
      if (port < 1 || port > 65535) {
        errors.push({
          path: pathOf(slot),
          rule: "port-range",
          message: `${slot.slot} would use port ${port}`,
          remedy: "Choose a lower base port: every port must be between 1 and 65535.",
        });
        break;
      }
      taken.set(`${slot.machine} ${port}`, slot);
    }
  }
  return errors;
}

function pathOf(slot: Slot): string {
  const role = roleOf(slot);
  return role === "exporter" ? "exporter.port" : `ports.${role}`;
}
