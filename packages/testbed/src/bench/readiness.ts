import { Remoting } from "../remoting";

/** GET_BROKER_CLUSTER_INFO of RocketMQ's remoting protocol. */
const CLUSTER_INFO = 106;
const POLL_MS = 50;

/** What a name server knows of its brokers, as it says it; undefined while it does not answer. */
async function clusterInfo(host: string, port: number): Promise<string | undefined> {
  try {
    return (await Remoting.call(`${host}:${port}`, CLUSTER_INFO)).body.toString();
  } catch {
    return undefined;
  }
}

/**
 * Waits until every one of the brokers (`host:port`) is registered with every one of the name
 * servers: the one test of readiness for whatever brought them up.
 */
export async function allRegistered(
  namesrvs: readonly string[],
  brokers: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    namesrvs.map(async (host) => {
      while (!signal.aborted) {
        const known = await clusterInfo(host, 9876);
        if (brokers.every((broker) => known?.includes(`"${broker}"`))) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      throw new Error(`not every broker is registered with name server ${host}`);
    }),
  );
}
