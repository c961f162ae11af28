import * as fs from "node:fs";
import * as path from "node:path";
import { installJava, type JavaVersion } from "./java";
import { parseKnownHosts } from "./knownHosts";
import { type CommandResult, run, type RunOptions } from "./run";
import { type HostOptions, hostSetFolder, type HostSetName, hostsScript, settings } from "./script";

/** One host. */
export interface TestHost {
  /** h1, h2, ... */
  name: string;
  address: string;
  /** On the second network, if it has one. */
  address2?: string;
  /** Public key that its sshd shows, as `ssh-ed25519 AAAA...`. */
  hostKey: string;
}

/** Which hosts to bring up, and how to make those that are new. */
export interface UpOptions extends HostSetName, HostOptions {
  /** h1 to hN. */
  count: number;
}

/** Throw-away Linux hosts of this machine: Debian, systemd, sshd, Java 17; users root and ops (sudo). */
export class HostSet {
  /** All hosts of the set, off or on. */
  hosts: TestHost[] = [];
  /** Private key of root and ops. */
  readonly privateKeyPath: string;
  /** Its content. */
  readonly privateKey: string;
  /** For `ssh -F`: knows all hosts by name and address, with their keys. */
  readonly sshConfig: string;

  private constructor(readonly set: HostSetName) {
    const folder = hostSetFolder(set.name);
    this.privateKeyPath = path.join(folder, "id_ed25519");
    this.privateKey = fs.readFileSync(this.privateKeyPath, "utf8");
    this.sshConfig = path.join(folder, "ssh_config");
  }

  /** Brings hosts up; done when all answer over SSH. Hosts that are up stay as they are. */
  static async up(options: UpOptions): Promise<HostSet> {
    const { name, net, bridge, count } = options;
    const set = { name, net, bridge };
    await hostsScript(["up", String(count)], settings(set, options));
    const hosts = new HostSet(set);
    await hosts.refresh();
    return hosts;
  }

  /** Removes a set with all that belongs to it, if there is any. */
  static async remove(set: HostSetName): Promise<void> {
    await hostsScript(["down"], settings(set));
  }

  /** Adds hosts of other properties to the set. */
  async add(names: readonly string[], options: HostOptions = {}): Promise<void> {
    await hostsScript(["up", ...names], settings(this.set, options));
    await this.refresh();
  }

  /** Runs a shell command as root, or another user; its exit status is a result, not an error. */
  ssh(
    host: string,
    command: string,
    options: RunOptions & { user?: string } = {},
  ): Promise<CommandResult> {
    const { user = "root", ...rest } = options;
    return run("ssh", ["-F", this.sshConfig, `${user}@${host}`, command], rest);
  }

  /** As `ssh`, but a failure is an error; returns stdout. */
  async check(
    host: string,
    command: string,
    options: RunOptions & { user?: string } = {},
  ): Promise<string> {
    const { stdout, stderr, code } = await this.ssh(host, command, options);
    if (code !== 0) {
      throw new Error(`${host}: ${command}\nended with ${code}:\n${stdout}${stderr}`);
    }
    return stdout;
  }

  /** Differs after every boot. */
  async bootId(host: string): Promise<string> {
    return (await this.check(host, "cat /proc/sys/kernel/random/boot_id")).trim();
  }

  /** Installs a Java beside the one that is there, and returns its home on the host. */
  java(host: string, version: JavaVersion): Promise<string> {
    return installJava(this, host, version);
  }

  /** Shuts down cleanly. */
  stop(...names: string[]): Promise<void> {
    return this.script("stop", ...names);
  }

  /** Switches on; done when they answer. */
  start(...names: string[]): Promise<void> {
    return this.script("start", ...names);
  }

  /** Reboots through systemd; done when they answer again. */
  reboot(...names: string[]): Promise<void> {
    return this.script("reboot", ...names);
  }

  /** Every process dies at once; the disk stays, with all that was written, synced or not. */
  kill(...names: string[]): Promise<void> {
    return this.script("kill", ...names);
  }

  /** Stops all processes without ending them: connections are accepted, nothing answers. */
  freeze(...names: string[]): Promise<void> {
    return this.script("freeze", ...names);
  }

  thaw(...names: string[]): Promise<void> {
    return this.script("thaw", ...names);
  }

  /** Lets the disk hang, which has to be one of its own (`disk`); done when it works again. */
  stall(name: string, seconds: number): Promise<void> {
    return this.script("stall", name, String(seconds));
  }

  /** Takes the link of the first network down, across reboots too. */
  cut(...names: string[]): Promise<void> {
    return this.script("cut", ...names);
  }

  heal(...names: string[]): Promise<void> {
    return this.script("heal", ...names);
  }

  /** Drops all traffic between two groups of hosts; this machine reaches both. */
  split(some: readonly string[], others: readonly string[]): Promise<void> {
    return this.script("split", some.join(","), others.join(","));
  }

  unsplit(): Promise<void> {
    return this.script("split", "off");
  }

  /** Limits a link both ways, e.g. `10mbit`, or `off`. */
  slow(name: string, rate: string): Promise<void> {
    return this.script("slow", name, rate);
  }

  /** Delays frames by so many milliseconds each way and drops a share of them (percent), or `off`. */
  delay(name: string, milliseconds: number | "off", lossPercent = 0): Promise<void> {
    return milliseconds === "off"
      ? this.script("delay", name, "off")
      : this.script("delay", name, String(milliseconds), String(lossPercent));
  }

  /** Lets the hosts reach the Debian mirror and nothing else, for apt; off unless asked for. */
  nat(on: boolean): Promise<void> {
    return this.script("nat", on ? "on" : "off");
  }

  /** Name, address, state, memory and disk of each host, as a table for people. */
  status(): Promise<string> {
    return hostsScript(["status"], settings(this.set));
  }

  /** Removes the hosts named, or all of the set. */
  async down(...names: string[]): Promise<void> {
    await this.script("down", ...names);
    if (names.length > 0) {
      await this.refresh();
    } else {
      this.hosts = [];
    }
  }

  private async script(...args: string[]): Promise<void> {
    await hostsScript(args, settings(this.set));
  }

  private async refresh(): Promise<void> {
    const inventory = await hostsScript(["inventory", "json"], settings(this.set));
    const file = path.join(hostSetFolder(this.set.name), "known_hosts");
    const keys = parseKnownHosts(fs.readFileSync(file, "utf8"));
    this.hosts = (JSON.parse(inventory) as Omit<TestHost, "hostKey">[]).map((host) => {
      const hostKey = keys.get(host.address);
      if (hostKey === undefined) {
        throw new Error(`${host.name} has no key in ${file}`);
      }
      return { ...host, hostKey };
    });
  }
}
