import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** A process that outlives the command that started it, known by a file in the state folder. */
interface Entry {
  pid: number;
  /** Start time in clock ticks since boot: a pid alone may be somebody else's by now. */
  started: string;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Processes of one state folder. */
export class Background {
  constructor(private readonly folder: string) {}

  private file(name: string): string {
    return path.join(this.folder, `${name}.pid.json`);
  }

  /** Where the output of the process goes. */
  log(name: string): string {
    return path.join(this.folder, `${name}.log`);
  }

  isRunning(name: string): boolean {
    return this.read(name) !== undefined;
  }

  private read(name: string): Entry | undefined {
    if (!fs.existsSync(this.file(name))) {
      return undefined;
    }
    const entry = JSON.parse(fs.readFileSync(this.file(name), "utf8")) as Entry;
    return startTime(entry.pid) === entry.started ? entry : undefined;
  }

  /** Starts it unless it runs. */
  start(name: string, program: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
    if (this.isRunning(name)) {
      return;
    }
    fs.mkdirSync(this.folder, { recursive: true });
    const log = fs.openSync(this.log(name), "a");
    const child = spawn(program, args, {
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, ...env },
    });
    fs.closeSync(log);
    const pid = child.pid;
    if (pid === undefined) {
      throw new Error(`${program} could not be started: see ${this.log(name)}`);
    }
    child.unref();
    this.adopt(name, pid);
  }

  /** Takes over a process that was started elsewhere. */
  adopt(name: string, pid: number): void {
    fs.writeFileSync(this.file(name), JSON.stringify({ pid, started: startTime(pid) ?? "" }));
  }

  /** Ends it and waits until it is gone. */
  async stop(name: string): Promise<void> {
    const entry = this.read(name);
    if (entry) {
      process.kill(entry.pid, "SIGTERM");
      for (let i = 0; i < 100 && startTime(entry.pid) === entry.started; i++) {
        if (i === 50) {
          process.kill(entry.pid, "SIGKILL");
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    fs.rmSync(this.file(name), { force: true });
  }
}
