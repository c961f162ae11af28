import type { ConfigValue } from "../../configValues";
import type { TestHost } from "../../hosts";

/**
 * Two groups of a master and a slave crosswise on two machines, with a name server each; a third
 * group comes on two machines more.
 */
export const PLAN = {
  name: "bench-changes",
  net: "10.233.1",
  bridge: "br-rmq-rb",
  versions: ["5.3.3", "5.5.0"],
  topic: "ORDERS",
} as const;

type Configuration = { [key: string]: ConfigValue };

export interface Change {
  change: string;
  sets: (hosts: readonly TestHost[]) => Configuration;
  /** Configuration that is taken away. */
  unsets?: readonly string[];
  /** The group that comes, whose master is on this machine. */
  joins?: { master: number };
}

/** Machines that have brokers at first; the others are for the group that comes. */
export const OLD = 2;
export const ALL = 4;

/** One change after the other; each keeps what those before it set. */
export const CHANGES: readonly Change[] = [
  {
    change: "hot key (fileReservedTime)",
    sets: () => ({ brokerConfig: { fileReservedTime: "49" } }),
  },
  {
    change: "key that needs a restart (pullMessageThreadPoolNums)",
    sets: () => ({ brokerConfig: { pullMessageThreadPoolNums: "18" } }),
  },
  { change: "upgrade, 5.3.3 to 5.5.0", sets: () => ({ version: "5.5.0" }) },
  {
    change: "scale out by a group",
    sets: (hosts) => ({ brokerGroups: 3, machines: machines(hosts) }),
    joins: { master: 2 },
  },
  // The group that came with "scale out".
  { change: "scale in: a group is drained", sets: () => ({ decommission: ["c"] }) },
  {
    change: "scale in: it is taken out",
    sets: () => ({ brokerGroups: 2 }),
    unsets: ["decommission"],
  },
];

/** The changes whose names have one of these in them; all where none is given. */
export function chosen(only: readonly string[]): readonly Change[] {
  const found = CHANGES.filter(
    ({ change }) => only.length === 0 || only.some((part) => change.includes(part)),
  );
  if (found.length === 0) {
    throw new Error(
      `--only ${only.join(",")}: there are ${CHANGES.map(({ change }) => `"${change}"`).join(", ")}`,
    );
  }
  return found;
}

/** What the root program is told at first: RocketMQ's and the library's defaults, but for memory. */
export function configuration(hosts: readonly TestHost[], mirror: string): Configuration {
  // The serial collector, as four brokers share two small machines.
  const options = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];
  return {
    clusterName: "bench",
    version: PLAN.versions[0],
    nameServers: 2,
    brokerGroups: 2,
    brokersPerMachine: 2,
    machines: machines(hosts.slice(0, OLD)),
    package: { mirror },
    exporter: { enabled: false },
    topics: { [PLAN.topic]: { writeQueueNums: 4, readQueueNums: 4 } },
    namesrvJvm: { heapMb: 96, options },
    brokerJvm: { heapMb: 256, directMemoryMb: 192, options },
  };
}

function machines(hosts: readonly TestHost[]): ConfigValue {
  return hosts.map(({ name, address }) => ({ name, address }));
}
