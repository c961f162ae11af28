import * as os from "node:os";
import * as path from "node:path";
import { cacheRoot } from "../cache";
import { run } from "./run";

/** Which set of hosts: several run side by side if all of it differs. */
export interface HostSetName {
  /** Names the folder of its state. */
  name: string;
  /** A /24 without its last part, e.g. `10.231.0`: this machine is .1, host hN is .(10+N). */
  net: string;
  /** Name of the bridge, at most 13 characters. */
  bridge: string;
}

/** What hosts are made with; those that are there already stay as they are. */
export interface HostOptions {
  /** A second /24: the hosts have a second interface, at .(10+N) of it. */
  net2?: string;
  /** What is taken away from the hosts. */
  without?: readonly ("java" | "python")[];
  /** Size of the disk, e.g. `2G`; as large as this machine's unless given. */
  disk?: string;
  /** Limit of the memory, e.g. `1500M`; none unless given. */
  memory?: string;
  /** Whether vm.* and fs.* sysctls can be set, in files of the host's own; true unless given. */
  sysctl?: boolean;
}

const SCRIPT = path.join(__dirname, "..", "..", "hosts", "hosts.sh");

/** Folder of a set's state: `$XDG_STATE_HOME/pulumi-rocketmq/hosts/NAME`. */
export function hostSetFolder(name: string): string {
  const base = process.env["XDG_STATE_HOME"] || path.join(os.homedir(), ".local", "state");
  return path.join(base, "pulumi-rocketmq", "hosts", name);
}

/** The settings of hosts.sh. */
export function settings(set: HostSetName, options: HostOptions = {}): Record<string, string> {
  return {
    HOSTS_DIR: hostSetFolder(set.name),
    HOSTS_NET: set.net,
    HOSTS_BRIDGE: set.bridge,
    HOSTS_CACHE: cacheRoot(),
    HOSTS_NET2: options.net2 ?? "",
    HOSTS_WITHOUT: options.without?.join(",") ?? "",
    HOSTS_DISK: options.disk ?? "",
    HOSTS_MEMORY: options.memory ?? "",
    HOSTS_FAKE_SYSCTL: options.sysctl === false ? "0" : "1",
  };
}

/** Runs hosts.sh, by sudo where this process is not root, and returns its stdout. */
export async function hostsScript(
  args: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const asRoot = process.getuid?.() === 0;
  const command = asRoot
    ? [SCRIPT, ...args]
    : ["sudo", ...Object.entries(env).map(([key, value]) => `${key}=${value}`), SCRIPT, ...args];
  const [program = "", ...rest] = command;
  const result = await run(program, rest, { env, showErrors: true });
  if (result.code !== 0) {
    throw new Error(`hosts.sh ${args.join(" ")} ended with ${result.code}:\n${result.stderr}`);
  }
  return result.stdout;
}
