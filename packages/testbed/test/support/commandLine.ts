import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Stack } from "../../src/stack";

const PROGRAM = path.resolve(__dirname, "../../../rocketmq/bin/pulumi-rocketmq.cjs");

export interface CommandLineRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `pulumi-rocketmq ARGS` as a user does, in the folder of a stack's project. */
export function commandLine(stack: Stack, ...args: string[]): Promise<CommandLineRun> {
  const child = spawn(process.execPath, [PROGRAM, ...args, "--stack", stack.name], {
    cwd: stack.folder,
    env: stack.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
