import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newKeyPair } from "./keyPair";
import { SshServer } from "./sshServer";
import { Startups } from "./startups";

/** What the agent prints when a step is done. */
const DONE = JSON.stringify({ changed: [], restarted: false, warnings: [], facts: {}, seconds: 0 });

/** Six round trips of 100 ms: a bastion on another continent. */
const BASTION_LOGIN_MS = 600;

export interface SimulationOptions {
  count: number;
  /** Milliseconds that a step takes. */
  stepMs: number;
  /** Where they listen: an address of this machine. */
  address?: string;
}

/**
 * Machines that are SSH servers in this process and nothing else: they let Pulumi in, take the
 * agent's file and say that every step is done. For what a large cluster costs the one who runs
 * Pulumi; nothing about RocketMQ can be learned from them.
 */
export class SimulatedMachines {
  private constructor(
    readonly servers: SshServer[],
    readonly bastion: SshServer,
    readonly startups: Startups,
    readonly privateKey: string,
    private readonly folder: string,
  ) {}

  static async up({ count, stepMs, address }: SimulationOptions): Promise<SimulatedMachines> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-simulated-"));
    const key = newKeyPair();
    const startups = new Startups();
    const answer = async () => {
      await sleep(stepMs);
      return DONE;
    };
    const start = (name: string, more: { startups?: Startups; loginMs?: number } = {}) =>
      SshServer.start({
        home: path.join(folder, name),
        authorizedKey: key.public,
        answer,
        address,
        ...more,
      });
    const servers = await Promise.all(Array.from({ length: count }, (_, i) => start(`m${i}`)));
    const bastion = await start("bastion", { startups, loginMs: BASTION_LOGIN_MS });
    return new SimulatedMachines(servers, bastion, startups, key.private, folder);
  }

  get ports(): number[] {
    return this.servers.map(({ port }) => port);
  }

  /** Logins of all machines so far. */
  get logins(): number {
    return this.servers.reduce((sum, { logins }) => sum + logins, 0);
  }

  async down(): Promise<void> {
    await Promise.all([...this.servers, this.bastion].map((server) => server.stop()));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
