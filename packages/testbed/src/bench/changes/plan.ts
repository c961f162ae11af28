import type { ConfigValue } from "../../configValues";
import type { TestHost } from "../../hosts";

/** Two groups of a master and a slave crosswise on two machines, with a name server each. */
export const PLAN = {
  name: "bench-changes",
  net: "10.233.1",
  bridge: "br-rmq-rb",
  hosts: 2,
  versions: ["5.3.3", "5.5.0"],
  topic: "ORDERS",
} as const;

type Configuration = { [key: string]: ConfigValue };

/** One change after the other; each keeps what those before it set. */
export const CHANGES: readonly { change: string; sets: Configuration }[] = [
  { change: "hot key (fileReservedTime)", sets: { brokerConfig: { fileReservedTime: "49" } } },
  {
    change: "key that needs a restart (pullMessageThreadPoolNums)",
    sets: { brokerConfig: { pullMessageThreadPoolNums: "18" } },
  },
  { change: "upgrade, 5.3.3 to 5.5.0", sets: { version: "5.5.0" } },
];

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
    machines: hosts.map(({ name, address }) => ({ name, address })),
    package: { mirror },
    exporter: { enabled: false },
    topics: { [PLAN.topic]: { writeQueueNums: 4, readQueueNums: 4 } },
    namesrvJvm: { heapMb: 96, options },
    brokerJvm: { heapMb: 256, directMemoryMb: 192, options },
  };
}
