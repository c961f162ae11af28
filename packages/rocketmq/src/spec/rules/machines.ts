import type { RocketMQClusterArgs } from "../cluster";
import type { Draft } from "../draft";
import type { MachineArgs } from "../machine";
import { Mistakes, repeated } from "./rule";

type Machine = Draft<MachineArgs>;

/** One machine by itself. */
export function machineRules(machine: Machine, found: Mistakes, path: string): void {
  for (const key of ["address", "advertise", "haAddress"] as const) {
    const address = machine[key];
    if (typeof address === "string" && /^[\d.]+$/.test(address) && !isIPv4(address)) {
      found.add(
        `${path}.${key}`,
        "form",
        `"${address}" is no IPv4 address`,
        "Write four numbers from 0 to 255 with dots between them, such as 10.0.0.11.",
      );
    }
  }
}

/** The machines of a cluster among themselves. */
export function machinesRules(
  { machines = [] }: Draft<RocketMQClusterArgs>,
  found: Mistakes,
): void {
  machines.forEach((machine, index) => machineRules(machine, found, `machines[${index}]`));
  for (const index of repeated(machines.map(({ name }) => name))) {
    found.add(
      `machines[${index}].name`,
      "duplicate-machine",
      `"${machines[index]?.name}" is the name of another machine too`,
      "Give every machine a name of its own.",
    );
  }
  for (const index of repeated(machines.map(({ address }) => address))) {
    found.add(
      `machines[${index}].address`,
      "duplicate-address",
      `${machines[index]?.address} is the address of another machine too`,
      "Write the address of this machine, or take one of the two off the list.",
    );
  }
  for (const index of repeated(machines.map(loginOf))) {
    found.add(
      `machines[${index}].connection`,
      "duplicate-connection",
      `SSH would reach another machine of the list: ${loginOf(machines[index] ?? {})}`,
      "Give each machine a connection.host and connection.port of its own.",
    );
  }
  if (machines.length > 1) {
    loopbackRules(machines, found);
  }
  zoneRules(machines, found);
}

/** Only where it is said; the address alone is compared as such. */
function loginOf({ connection }: Machine): string | undefined {
  return connection?.host === undefined ? undefined : `${connection.host}:${connection.port ?? 22}`;
}

/** The first pain of every RocketMQ user: a broker that announces itself as 127.0.0.1. */
function loopbackRules(machines: Machine[], found: Mistakes): void {
  machines.forEach((machine, index) => {
    for (const key of ["address", "advertise", "haAddress"] as const) {
      const address = machine[key];
      if (address !== undefined && /^(127\.|0\.0\.0\.0$|localhost$)/.test(address)) {
        found.add(
          `machines[${index}].${key}`,
          "loopback-address",
          `the other machines cannot reach this one as ${address}`,
          "Write the address that it has in the network of the machines.",
        );
      }
    }
  });
}

function zoneRules(machines: Machine[], found: Mistakes): void {
  const brokers = machines.filter(({ roles }) => roles === undefined || roles.includes("broker"));
  if (!brokers.some(({ zone }) => zone !== undefined)) {
    return;
  }
  for (const machine of brokers.filter(({ zone }) => zone === undefined)) {
    found.add(
      `machines[${machines.indexOf(machine)}].zone`,
      "zones-partial",
      "is missing, while other broker machines have a zone",
      "Give all machines that may carry a broker a zone, or none.",
    );
  }
}

function isIPv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => part !== "" && Number(part) <= 255);
}
