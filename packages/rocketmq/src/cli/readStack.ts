import { spawn } from "node:child_process";
import { CliError } from "./cliError";
import type { StackExport } from "./deployment";
import { stackState, type StackState } from "./stackState";

export interface StackOptions {
  /** Absent: the one that is selected. */
  stack?: string;
  /** Folder of the Pulumi project; absent: where the command runs. */
  cwd?: string;
}

/**
 * What a stack has deployed, by the Pulumi CLI that is in the path. Its secrets are decrypted, to
 * log in to the machines; they stay in this process.
 */
export async function readStack(options: StackOptions = {}): Promise<StackState> {
  const state = stackState(JSON.parse(await exportStack(options)) as StackExport);
  if (state.clusters.length === 0) {
    throw new CliError(
      `stack ${options.stack ?? state.stack} has no RocketMQ cluster`,
      "Name another one with --stack, or deploy it first: pulumi up.",
    );
  }
  return state;
}

function exportStack({ stack, cwd }: StackOptions): Promise<string> {
  const args = ["stack", "export", "--show-secrets", "--non-interactive", "--color", "never"];
  const child = spawn("pulumi", [...args, ...(stack === undefined ? [] : ["--stack", stack])], {
    cwd,
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => stdout.push(data));
  child.stderr.on("data", (data: Buffer) => stderr.push(data));
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new CliError(
              `pulumi cannot be started${cwd === undefined ? "" : ` in ${cwd}`}`,
              "Install the Pulumi CLI, have it in the PATH, and see that the folder exists.",
            )
          : error,
      ),
    );
    child.on("close", (code) =>
      code === 0
        ? resolve(Buffer.concat(stdout).toString())
        : reject(
            new CliError(
              `the stack cannot be read: ${Buffer.concat(stderr).toString().trim()}`,
              "Run it in the folder of the Pulumi project (or with --cwd), logged in and with the passphrase or key that pulumi up has.",
            ),
          ),
    );
  });
}
