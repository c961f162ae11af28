import type { ConfigValue } from "../configValues";
import type { TestHost } from "../hosts";

/** What both contenders bring up: the demo's cluster, on five hosts. */
export const PLAN = {
  version: "5.5.0",
  clusterName: "bench",
  net: "10.246.0",
  bridge: "br-rmq-b",
  roles: {
    h1: ["namesrv"],
    h2: ["namesrv"],
    h3: ["broker"],
    h4: ["broker"],
    h5: ["exporter"],
  },
  namesrvHeapMb: 96,
  brokerHeapMb: 256,
  brokerDirectMb: 192,
} as const;

export type HostName = keyof typeof PLAN.roles;

/** Addresses of the hosts of a role, in the order of the hosts. */
export function addressesOf(hosts: readonly TestHost[], role: string): string[] {
  return hosts
    .filter(({ name }) => PLAN.roles[name as HostName].some((own) => own === role))
    .map(({ address }) => address);
}

/** The cluster for the root program. */
export function configuration(
  hosts: readonly TestHost[],
  mirror: string,
  consul: string,
): { [key: string]: ConfigValue } {
  return {
    clusterName: PLAN.clusterName,
    version: PLAN.version,
    nameServers: 2,
    machines: hosts.map(({ name, address }) => ({
      name,
      address,
      roles: PLAN.roles[name as HostName],
    })),
    package: { mirror },
    consul: { address: consul },
    topics: { ORDERS: {} },
    subscriptionGroups: { billing: {} },
    namesrvJvm: { heapMb: PLAN.namesrvHeapMb },
    brokerJvm: { heapMb: PLAN.brokerHeapMb, directMemoryMb: PLAN.brokerDirectMb },
  };
}
