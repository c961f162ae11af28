import type { Bed } from "../../src/bed";
import type { Stack } from "../../src/stack";
import { commandLine } from "./commandLine";

/** What `pulumi-rocketmq drift` said. */
export interface DriftRun {
  code: number;
  /** Its result. */
  text: string;
  complaints: string;
}

/** Runs the command as a user does, in the folder of the stack's project. */
export async function drift(stack: Stack, ...args: string[]): Promise<DriftRun> {
  const { code, stdout, stderr } = await commandLine(stack, "drift", ...args);
  return { code, text: stdout, complaints: stderr };
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
