import { setTimeout as sleep } from "node:timers/promises";
import { performance } from "node:perf_hooks";
import type { Bed } from "../../bed";
import { Remoting } from "../../remoting";

/** The request that asks for the end of a queue. */
const MAX_OFFSET = 30;
const EVERY_MS = 100;
/** Clients read their routes each 30 s, so a minute after it is up everybody knows a broker. */
export const PATIENCE_MS = 60_000;

/** Tells when a broker that may not be there yet has its first message of a topic. */
export class FirstMessage {
  private readonly from = performance.now();
  private found: number | undefined;
  private over = false;
  private readonly looking: Promise<void>;

  constructor(
    private readonly address: string,
    private readonly topic: string,
  ) {
    this.looking = this.look();
  }

  /** Seconds from the construction to the message, which is waited for a while yet. */
  async seconds(patienceMs = PATIENCE_MS): Promise<number> {
    await Promise.race([this.looking, sleep(patienceMs)]);
    this.end();
    if (this.found === undefined) {
      throw new Error(`${this.address} has got no message of ${this.topic}`);
    }
    return (this.found - this.from) / 1000;
  }

  end(): void {
    this.over = true;
  }

  private async look(): Promise<void> {
    while (!this.over) {
      if ((await this.messages()) > 0) {
        this.found = performance.now();
        return;
      }
      await sleep(EVERY_MS);
    }
  }

  /** In the first of the queues, which is used in turn with the others. */
  private async messages(): Promise<number> {
    try {
      const { fields } = await Remoting.call(this.address, MAX_OFFSET, {
        topic: this.topic,
        queueId: 0,
      });
      return Number(fields["offset"] ?? 0);
    } catch {
      // Not there yet.
      return 0;
    }
  }
}

/** SSH connections that machines accept while something is done. */
export async function connectionsDuring(
  bed: Bed,
  hosts: readonly string[],
  work: () => Promise<void>,
): Promise<number> {
  const count = async () => {
    const counts = await Promise.all(hosts.map((host) => bed.connections(host)));
    return counts.reduce((sum, each) => sum + each, 0);
  };
  const before = await count();
  await work();
  // Each machine was asked over a connection of its own.
  return (await count()) - before - hosts.length;
}
