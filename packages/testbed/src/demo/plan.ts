import * as os from "node:os";
import * as path from "node:path";

/**
 * The demo: the topology of the article that this product outgrows, on five hosts of its own
 * network. Everything that it makes is in one state folder or named after its bridge.
 */
export const PLAN = {
  stack: "demo",
  version: "5.5.0",
  clusterName: "DefaultCluster",
  net: "10.231.0",
  bridge: "br-rmq",
  topic: "ORDERS",
  group: "billing",
  environment: "demo",
  ports: { mirror: 8180, consul: 8500 },
  /** Name and roles of each host. */
  machines: [
    { name: "h1", roles: ["namesrv"] },
    { name: "h2", roles: ["namesrv"] },
    { name: "h3", roles: ["broker"] },
    { name: "h4", roles: ["broker"] },
    { name: "h5", roles: ["exporter"] },
  ],
} as const;

/** What the demo keeps between its runs: `$XDG_STATE_HOME/pulumi-rocketmq/demo`. */
export function stateFolder(): string {
  const base = process.env["XDG_STATE_HOME"] || path.join(os.homedir(), ".local", "state");
  return path.join(base, "pulumi-rocketmq", "demo");
}

/** Address of the machine that the demo runs on, as the hosts see it. */
export const HERE = `${PLAN.net}.1`;

/** The cluster in Pulumi's configuration: what a user would set for machines of their own. */
export function configuration(hosts: { name: string; address: string; hostKey: string }[]) {
  const machines = PLAN.machines.map(({ name, roles }) => {
    const host = hosts.find((candidate) => candidate.name === name);
    if (!host) {
      throw new Error(`host ${name} is missing`);
    }
    return { name, address: host.address, roles, connection: { hostKey: host.hostKey } };
  });
  return {
    clusterName: PLAN.clusterName,
    version: PLAN.version,
    nameServers: 2,
    brokerGroups: 1,
    replicasPerGroup: 2,
    environment: PLAN.environment,
    connection: { user: "ops" },
    machines,
    package: { mirror: `http://${HERE}:${PLAN.ports.mirror}/dist/rocketmq` },
    // A demo is there to be taken down again.
    allowDestroy: true,
    consul: { address: `${HERE}:${PLAN.ports.consul}` },
    topics: { [PLAN.topic]: { writeQueueNums: 8, readQueueNums: 8 } },
    subscriptionGroups: { [PLAN.group]: { retryMaxTimes: 16 } },
    // The hosts share this machine's memory: fixed sizes, not a share of all of it each.
    namesrvJvm: { heapMb: 96 },
    brokerJvm: { heapMb: 256, directMemoryMb: 192 },
  };
}
