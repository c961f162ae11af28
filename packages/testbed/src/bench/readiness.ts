import * as net from "node:net";

/** GET_BROKER_CLUSTER_INFO of RocketMQ's remoting protocol. */
const CLUSTER_INFO = 106;
const POLL_MS = 50;
const ATTEMPT_MS = 2_000;

/** A request of the remoting protocol: total length, header length (JSON is type 0), header. */
export function request(code: number): Buffer {
  const header = Buffer.from(
    JSON.stringify({ code, language: "OTHER", version: 0, opaque: 1, flag: 0 }),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(4 + header.length, 0);
  lengths.writeUInt32BE(header.length, 4);
  return Buffer.concat([lengths, header]);
}

/** The body of an answer once all of it is there. */
export function body(received: Buffer): string | undefined {
  if (received.length < 8 || received.length < 4 + received.readUInt32BE(0)) {
    return undefined;
  }
  const header = received.readUInt32BE(4) & 0xffffff;
  return received.subarray(8 + header, 4 + received.readUInt32BE(0)).toString();
}

/** What a name server knows of its brokers, as it says it; undefined while it does not answer. */
function clusterInfo(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: ATTEMPT_MS });
    let received = Buffer.alloc(0);
    socket.on("connect", () => socket.write(request(CLUSTER_INFO)));
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      const answer = body(received);
      if (answer !== undefined) {
        resolve(answer);
        socket.destroy();
      }
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(undefined));
  });
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
