import * as pulumi from "@pulumi/pulumi";
import { has, untestedVersion } from "../config";
import { LOGINS_AT_A_TIME, mergeConnections } from "../remote";
import type { ClusterSettings, RocketMQClusterArgs } from "../spec";
import type { Topology } from "../topology";

/**
 * What of a cluster anybody who reaches its ports may do. There is no authentication and no TLS
 * yet, and an admin call of RocketMQ changes settings and deletes topics.
 */
export function exposure(version: string, topology: Topology): string {
  const namesrv = [...new Set(topology.namesrvs.map(({ port }) => port))].join(", ");
  const broker = [
    ...new Set(topology.brokers.flatMap(({ ports }) => [ports.fast, ports.listen, ports.ha])),
  ]
    .sort((a, b) => a - b)
    .join(", ");
  return (
    `RocketMQ ${version} listens without authentication and TLS on every address of its machines: ` +
    `name servers on ${namesrv}, brokers on ${broker}` +
    (topology.exporter ? `, the exporter on ${topology.exporter.port}` : "") +
    ". Whoever reaches these ports may read, send and administer, and change the configuration" +
    (has("noCommandInjection", version)
      ? ""
      : " down to running code on the broker (CVE-2023-33246)") +
    ". Let only your own networks through to them."
  );
}

/** What giving up dead machines costs, one line a machine. */
export function lossesOf(lost: readonly string[], { hosts, brokers }: Topology): string[] {
  return hosts
    .filter(({ machine }) => lost.includes(machine))
    .map(({ machine, slots }) => {
      const masters = brokers.filter((b) => b.machine === machine && b.index === 0);
      const costs = masters.map(({ slot, groupKey }) => {
        const slaves = brokers.filter(
          (b) => b.groupKey === groupKey && b.index > 0 && !lost.includes(b.machine),
        );
        return slaves.length > 0
          ? `${slot} was the master of group ${groupKey}: what it had not given to ${slaves.map((s) => s.slot).join(", ")} is lost; what is there is read on, so have it read before the group is taken out (its data stays there then, whatever purge says)`
          : `${slot} was all that was left of group ${groupKey}: every message in it that was not read is lost`;
      });
      const nothing = "no message is lost with it";
      return `Machine ${machine} is given up (lost): nothing connects to ${slots.join(", ")} any more. ${costs.length > 0 ? costs.join("; ") : nothing}. After this update, take it out of the program, and off this list.`;
    });
}

/**
 * How to destroy a cluster behind a bastion, if there is something to mind. A destroy runs no
 * program, so nothing has the logins of removals take turns but Pulumi's own limit.
 */
export function destroyAdvice({
  machines,
  connection,
}: Pick<RocketMQClusterArgs, "machines" | "connection">): string | undefined {
  const behind = machines.filter(
    (machine) => mergeConnections(connection, machine.connection).bastion !== undefined,
  );
  return behind.length > LOGINS_AT_A_TIME
    ? `${behind.length} machines are behind a bastion, and removals take no turns to log in: destroy with \`pulumi destroy --parallel ${LOGINS_AT_A_TIME}\`, else its sshd may drop connections (MaxStartups), which are dialled again.`
    : undefined;
}

/** What the user of a cluster should know before it is there. */
export function warn(
  cluster: pulumi.Resource,
  settings: pulumi.Output<ClusterSettings>,
  topology: Topology,
): void {
  settings.apply(({ host }) => {
    const untested = untestedVersion(host.version);
    if (untested) void pulumi.log.warn(untested, cluster);
    void pulumi.log.warn(exposure(host.version, topology), cluster);
  });
}
