import * as pulumi from "@pulumi/pulumi";
import { has, untestedVersion } from "../config";
import type { ClusterSettings } from "../spec";
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
    (has("configBlackList", version)
      ? ""
      : " down to running code on the broker (CVE-2023-33246)") +
    ". Let only your own networks through to them."
  );
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
