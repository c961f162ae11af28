import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Toolchain } from "../toolchain";

/** What a finished command of Pulumi left behind. */
export interface Run {
  code: number;
  /** stdout and stderr in the order in which they came. */
  text: string;
}

/** A command of Pulumi that still runs. */
export class Running {
  private text = "";
  /** Its end. */
  readonly done: Promise<Run>;

  constructor(
    private readonly child: ChildProcess,
    private readonly show = false,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data: Buffer) => {
        this.text += data.toString();
        if (this.show) {
          process.stderr.write(data);
        }
      });
    }
    this.done = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 1, text: this.text }));
    });
  }

  /** Waits until it has printed something; an error if it ends without. */
  async says(text: string): Promise<void> {
    let ended = false;
    void this.done.then(() => (ended = true));
    while (!this.text.includes(text)) {
      if (ended) {
        throw new Error(`it ended without "${text}":\n${this.text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it without warning, and only it. */
  kill(): void {
    this.child.kill("SIGKILL");
  }
}

/** How many resources were created, updated, deleted, left the same. */
export type ResourceChanges = Partial<Record<string, number>>;

/** One Pulumi stack with a file backend of its own, driven by the Pulumi CLI. */
export class Stack {
  readonly env: NodeJS.ProcessEnv;

  /**
   * @param folder the project
   * @param state where the backend keeps its files: not the user's
   */
  constructor(
    private readonly toolchain: Toolchain,
    readonly folder: string,
    readonly name: string,
    state: string,
  ) {
    fs.mkdirSync(state, { recursive: true });
    this.env = {
      ...process.env,
      ...toolchain.env,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "test-bed",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  /** Selects the stack, and makes it where it is not there. */
  async select(): Promise<void> {
    const { code, text } = await this.spawn(["stack", "select", this.name, "--create"]);
    if (code !== 0) {
      throw new Error(`pulumi stack select failed:\n${text}`);
    }
  }

  /** Sets configuration values; those in `secrets` are encrypted. */
  async configure(values: Record<string, string>, secrets: Record<string, string> = {}) {
    const pairs = [
      ...Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
    ];
    await this.must(["config", "set-all", "--path", ...pairs]);
  }

  /** Takes every configuration value away; what the state is encrypted with stays. */
  clearConfiguration(): void {
    const file = path.join(this.folder, `Pulumi.${this.name}.yaml`);
    const lines = fs.readFileSync(file, "utf8").split("\n");
    const kept = lines.filter((line) => line.startsWith("encryptionsalt:"));
    fs.writeFileSync(file, kept.map((line) => `${line}\n`).join(""));
  }

  /** Runs `pulumi ARGS --stack NAME`; with `show` its output goes to the terminal too. */
  run(args: string[], options: { show?: boolean } = {}): Promise<Run> {
    return this.spawn([...args, "--stack", this.name], options);
  }

  private spawn(args: string[], options: { show?: boolean } = {}): Promise<Run> {
    return this.start(args, options).done;
  }

  private start(args: string[], options: { show?: boolean } = {}): Running {
    const child = spawn(this.toolchain.pulumi, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child, options.show);
  }

  /** Runs it with the terminal as it is, so that a person sees what Pulumi shows to people. */
  show(args: string[]): boolean {
    const result = spawnSync(this.toolchain.pulumi, [...args, "--stack", this.name], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", process.stderr, process.stderr],
    });
    return result.status === 0;
  }

  private async must(args: string[]): Promise<Run> {
    const result = await this.run(args);
    if (result.code !== 0) {
      throw new Error(`pulumi ${args[0]} ${args[1] ?? ""} failed:\n${result.text}`);
    }
    return result;
  }

  up(options: { show?: boolean; args?: string[] } = {}): Promise<Run> {
    return this.run(["up", "--yes", "--skip-preview", ...(options.args ?? [])], options);
  }

  /** An update that the caller looks at, and breaks, while it runs. */
  beginUp(): Running {
    return this.start(["up", "--yes", "--skip-preview", "--stack", this.name]);
  }

  /** Frees the stack after an update that was killed. */
  async cancel(): Promise<void> {
    await this.must(["cancel", "--yes"]);
  }

  preview(...args: string[]): Promise<Run> {
    return this.run(["preview", ...args]);
  }

  destroy(...args: string[]): Promise<Run> {
    return this.run(["destroy", "--yes", "--skip-preview", ...args]);
  }

  async outputs<T>(): Promise<T> {
    const { text } = await this.must(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(text.slice(text.indexOf("{"))) as T;
  }

  /** What the last update changed. */
  async lastChanges(): Promise<ResourceChanges> {
    const { text } = await this.must(["stack", "history", "--json", "--page-size", "1"]);
    const [last] = JSON.parse(text.slice(text.indexOf("["))) as {
      resourceChanges?: ResourceChanges;
    }[];
    return last?.resourceChanges ?? {};
  }

  /** The stack and its configuration file, without touching what it describes. */
  async forget(): Promise<void> {
    await this.run(["stack", "rm", "--yes", "--force"]);
    fs.rmSync(path.join(this.folder, `Pulumi.${this.name}.yaml`), { force: true });
  }
}

/** Whether an update changed nothing. */
export function nothingChanged(changes: ResourceChanges): boolean {
  return Object.entries(changes).every(([kind, count]) => kind === "same" || !count);
}
