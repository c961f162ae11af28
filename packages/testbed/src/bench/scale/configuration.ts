import type { ConfigValue } from "../../configValues";

/** Name servers and the exporter, which every size has beside its brokers. */
const NAME_SERVERS = 3;

/** Where the SSH servers are that stand for machines. */
export interface Servers {
  address: string;
  ports: readonly number[];
}

/**
 * A cluster on so many machines, one broker each, two of a group, maybe all behind a bastion. At
 * least six, as there are three name servers and an exporter.
 */
export function configuration(
  { address, ports }: Servers,
  bastion?: { [key: string]: ConfigValue },
): { [key: string]: ConfigValue } {
  const groups = Math.floor((ports.length - NAME_SERVERS - 1) / 2);
  const rest = NAME_SERVERS + 1 + groups * 2;
  const roles = (i: number) =>
    i < NAME_SERVERS ? ["namesrv"] : i === NAME_SERVERS ? ["exporter"] : ["broker"];
  return {
    clusterName: "large",
    allowDestroy: true,
    nameServers: NAME_SERVERS,
    brokerGroups: groups,
    replicasPerGroup: 2,
    connection: {
      user: "tester",
      ...(bastion ? { bastion } : {}),
    },
    machines: ports.slice(0, rest).map((port, i) => ({
      name: `m${i}`,
      // Only written down: nobody connects to it.
      address: `10.${100 + Math.floor(i / 250)}.0.${1 + (i % 250)}`,
      roles: roles(i),
      connection: { host: address, port },
    })),
    topics: { ORDERS: {} },
    subscriptionGroups: { billing: {} },
  };
}
