import { spawn } from "node:child_process";

/** How much of a failed program's output an error shows. */
const SHOWN_LINES = 30;

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is ended. */
  timeout?: number;
}

/** Runs a program and returns its stdout; fails with the end of its output if it fails. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: options.timeout,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let both = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      both += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => (both += data.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve(stdout);
        return;
      }
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      const end = both.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
      reject(new Error(`${[program, ...args].join(" ")} ${how}:\n${end}`));
    });
  });
}
