import { spawn } from "node:child_process";

/** How a command ended. */
export interface CommandResult {
  stdout: string;
  stderr: string;
  /** Exit status; for one that a signal ended, 128 and more as in a shell. */
  code: number;
}

/** What to run a command with. */
export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** Standard input; nothing unless given. */
  input?: string | Buffer;
  /** Ends the command after so many milliseconds. */
  timeout?: number;
  /** Passes stderr on to ours as it comes, for what takes long. */
  showErrors?: boolean;
}

/** Runs a command to its end, whatever its status. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeout,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => {
      stderr.push(data);
      if (options.showErrors) {
        process.stderr.write(data);
      }
    });
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        code: code ?? (signal === null ? 128 : 128 + (SIGNALS[signal] ?? 0)),
      }),
    );
    // A command that ends without reading all of its input is not an error of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

const SIGNALS: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
