import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { cached } from "../cache";
import { fingerprint, goBuild, goModule } from "./go";
import { CONSUL } from "./versions";

// One pseudo-version among its requirements is missing from the checksum database.
const consulModule = goModule("consul", { GONOSUMDB: "github.com/hashicorp" });

/** The path of a Consul binary with its web UI, built from the Go module. */
export async function prepareConsul(): Promise<string> {
  const folder = await cached(
    "consul",
    fingerprint(consulModule, "go.mod", "go.sum"),
    `build Consul ${CONSUL} from its Go module (3 to 10 minutes the first time)`,
    (target) => goBuild(consulModule, "github.com/hashicorp/consul", path.join(target, "consul")),
  );
  return path.join(folder, "consul");
}

export interface ConsulOptions {
  /** Address of this machine that it listens on, for its API and for other agents. */
  bindAddress: string;
  /** Port of its API and web UI; Consul's own default if unset. */
  httpPort?: number;
  /** Where it keeps the catalog; what is there already is used again. */
  dataFolder: string;
  /** Where its log goes. */
  logFile: string;
  /** Seconds to wait for a leader. Electing itself takes one server 2 to 8 seconds. */
  timeout?: number;
}

export interface ConsulServer {
  /** `host:port` of its API and web UI. */
  address: string;
  pid: number;
  /** Ends it and waits for it to be gone. */
  stop(): Promise<void>;
}

/**
 * Starts a Consul server of one node, and returns when it has a leader. It goes on when this
 * process ends, unless it is stopped.
 */
export async function startConsul(options: ConsulOptions): Promise<ConsulServer> {
  const program = await prepareConsul();
  const port = options.httpPort ?? 8500;
  fs.mkdirSync(options.dataFolder, { recursive: true });
  fs.mkdirSync(path.dirname(options.logFile), { recursive: true });
  const log = fs.openSync(options.logFile, "a");
  const child = spawn(program, consulArguments(options, port), {
    stdio: ["ignore", log, log],
    detached: true,
  });
  fs.closeSync(log);
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    const end = (why: string) => {
      ended = why;
      resolve();
    };
    child.once("error", (error) => end(error.message));
    child.once("exit", (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
  });
  const stop = async () => {
    // Without this, a program that has nothing else to do would end before Consul does.
    child.ref();
    child.kill("SIGTERM");
    await gone;
  };
  const address = `${options.bindAddress}:${port}`;
  const until = Date.now() + (options.timeout ?? 60) * 1000;
  while (!(await hasLeader(address))) {
    if (ended !== undefined || Date.now() > until) {
      await stop();
      throw new Error(`Consul ${ended ?? "got no leader in time"}: see ${options.logFile}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.unref();
  return { address, pid: child.pid ?? 0, stop };
}

function consulArguments(options: ConsulOptions, port: number): string[] {
  return [
    "agent",
    "-server",
    "-bootstrap-expect=1",
    "-ui",
    "-node=consul",
    `-bind=${options.bindAddress}`,
    `-client=${options.bindAddress}`,
    `-http-port=${port}`,
    `-data-dir=${options.dataFolder}`,
    // Not needed here, and another Consul on this machine may have them.
    "-dns-port=-1",
    "-grpc-tls-port=-1",
    // It must not ask the vendor whether there is a newer one.
    "-hcl=disable_update_check = true",
  ];
}

/** A leader is there, and a write of the catalog would be accepted. */
async function hasLeader(address: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${address}/v1/catalog/nodes`);
    return response.ok && ((await response.json()) as unknown[]).length > 0;
  } catch {
    return false;
  }
}
