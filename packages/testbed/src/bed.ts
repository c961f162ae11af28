import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ConfigValue, flatten } from "./configValues";
import { type HostOptions, HostSet } from "./hosts";
import { type Mirror, prepareDistributions, startMirror } from "./mirror";
import { projectCopy, Stack } from "./stack";
import { type ConsulServer, prepareToolchain, startConsul, type Toolchain } from "./toolchain";

export interface BedOptions {
  /** Names the hosts' state; part of messages. */
  name: string;
  /** First three numbers of the hosts' network, and their bridge: each bed has its own. */
  net: string;
  bridge: string;
  hosts: number;
  /** RocketMQ versions that the mirror serves. */
  versions: string[];
  consul?: boolean;
  /** What the hosts are like. */
  hostOptions?: HostOptions;
}

/** Hosts, mirror, Consul and a Pulumi project for one test file, and their end. */
export class Bed {
  private constructor(
    readonly options: BedOptions,
    readonly toolchain: Toolchain,
    readonly hosts: HostSet,
    readonly mirror: Mirror,
    readonly consul: ConsulServer | undefined,
    readonly folder: string,
  ) {}

  static async up(options: BedOptions): Promise<Bed> {
    const toolchain = await prepareToolchain();
    const distributions = await prepareDistributions(options.versions);
    const set = { name: options.name, net: options.net, bridge: options.bridge };
    const hosts = await HostSet.up({
      ...set,
      count: options.hosts,
      ...options.hostOptions,
    }).catch(async (error: unknown) => {
      // Some of them may be up, and nobody else knows of them.
      await HostSet.remove(set);
      throw error;
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `rocketmq-${options.name}-`));
    const here = `${options.net}.1`;
    try {
      const mirror = await startMirror({ address: here, port: 0, folder: distributions });
      const consul = options.consul
        ? await startConsul({
            bindAddress: here,
            dataFolder: path.join(folder, "consul"),
            logFile: path.join(folder, "consul.log"),
          })
        : undefined;
      return new Bed(options, toolchain, hosts, mirror, consul, folder);
    } catch (error) {
      await hosts.down();
      throw error;
    }
  }

  /**
   * A stack of the root program with this configuration; the connection is the hosts', and a
   * test may destroy what it made unless the configuration says otherwise.
   */
  async stack(name: string, config: { [key: string]: ConfigValue }): Promise<Stack> {
    const stack = new Stack(
      this.toolchain,
      projectCopy(path.join(this.folder, name)),
      name,
      path.join(this.folder, "backend"),
    );
    await stack.select();
    await this.configure(stack, config);
    return stack;
  }

  async configure(stack: Stack, config: { [key: string]: ConfigValue }): Promise<void> {
    const common = { connection: { user: "ops" }, allowDestroy: true };
    await stack.configure(flatten({ ...common, ...config }), {
      "connection.privateKey": this.hosts.privateKey,
    });
  }

  /** The same with nothing left of the configuration before. */
  async reconfigure(stack: Stack, config: { [key: string]: ConfigValue }): Promise<void> {
    stack.clearConfiguration();
    await this.configure(stack, config);
  }

  /** Where `package.mirror` points. */
  get mirrorUrl(): string {
    return this.mirror.url;
  }

  address(host: string): string {
    const found = this.hosts.hosts.find(({ name }) => name === host);
    if (!found) {
      throw new Error(`there is no host ${host}`);
    }
    return found.address;
  }

  /** How many SSH connections a host has accepted since it started. */
  async connections(host: string): Promise<number> {
    const { stdout } = await this.hosts.ssh(
      host,
      "journalctl -q -b -u ssh -u sshd --no-pager -o cat | grep -c '^Accepted ' || true",
    );
    return Number(stdout.trim());
  }

  /** Always, also after a failure. */
  async down(): Promise<void> {
    await this.consul?.stop();
    await this.mirror.stop();
    await this.hosts.down();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
