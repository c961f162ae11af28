import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Bed } from "../../src/bed";
import type { Stack } from "../../src/stack";

/** What `pulumi-rocketmq drift` said. */
export interface DriftRun {
  code: number;
  /** Its result. */
  text: string;
  complaints: string;
}

const PROGRAM = path.join(__dirname, "..", "..", "..", "rocketmq", "bin", "pulumi-rocketmq.cjs");

/** Runs the command as a user does, in the folder of the stack's project. */
export function drift(stack: Stack, ...args: string[]): Promise<DriftRun> {
  const child = spawn(process.execPath, [PROGRAM, "drift", "--stack", stack.name, ...args], {
    cwd: stack.folder,
    env: stack.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const run: DriftRun = { code: -1, text: "", complaints: "" };
  child.stdout.on("data", (data: Buffer) => (run.text += data.toString()));
  child.stderr.on("data", (data: Buffer) => (run.complaints += data.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...run, code: code ?? -1 }));
  });
}

/** Process and start of each node; empty where none runs. */
export async function processes<N extends string>(
  bed: Bed,
  nodes: Readonly<Record<N, readonly [host: string, unit: string]>>,
): Promise<Record<N, string>> {
  const entries = Object.entries(nodes) as [N, readonly [string, string]][];
  const found = await Promise.all(
    entries.map(async ([node, [host, unit]]) => {
      const shown = await bed.hosts.check(
        host,
        `pid=$(systemctl show -p MainPID --value '${unit}'); [ "$pid" = 0 ] || cut -d' ' -f1,22 /proc/$pid/stat`,
      );
      return [node, shown.trim()];
    }),
  );
  return Object.fromEntries(found) as Record<N, string>;
}
