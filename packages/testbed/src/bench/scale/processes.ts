import * as fs from "node:fs";

/** What the descendants of this process needed while something ran. */
export interface Needs {
  /** Peak of resident memory, by program, in MiB. */
  memory: Record<string, number>;
  /** Seconds of processor time of all together: less at the mercy of what else the machine does. */
  cpuSeconds: number;
}

const EVERY_MS = 200;
/** Of the kernel's unit of processor time, on every Linux that Node.js runs on. */
const TICKS_A_SECOND = 100;

/** Looks on while something runs. */
export async function watchProcesses<T>(work: () => Promise<T>): Promise<[T, Needs]> {
  const memory: Record<string, number> = {};
  const ticks = new Map<number, number>();
  const look = () => {
    const family = descendants(readProcesses(), process.pid);
    for (const [name, kib] of Object.entries(residentByName(family))) {
      memory[name] = Math.max(memory[name] ?? 0, Math.round(kib / 1024));
    }
    family.forEach(({ pid, ticks: used }) => ticks.set(pid, used));
  };
  const timer = setInterval(look, EVERY_MS);
  try {
    const result = await work();
    const all = [...ticks.values()].reduce((sum, used) => sum + used, 0);
    return [result, { memory, cpuSeconds: all / TICKS_A_SECOND }];
  } finally {
    clearInterval(timer);
  }
}

/** A process, as /proc tells of it. */
export interface Process {
  pid: number;
  parent: number;
  name: string;
  /** Resident memory in KiB. */
  resident: number;
  /** Processor time so far. */
  ticks: number;
}

/** Children, their children, and so on. */
export function descendants(processes: readonly Process[], ancestor: number): Process[] {
  const family = new Set([ancestor]);
  const found: Process[] = [];
  let grown = true;
  while (grown) {
    const more = processes.filter(({ pid, parent }) => family.has(parent) && !family.has(pid));
    grown = more.length > 0;
    more.forEach(({ pid }) => family.add(pid));
    found.push(...more);
  }
  return found;
}

/** Resident memory, that of processes of a name together. */
export function residentByName(processes: readonly Process[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { name, resident } of processes) {
    sums[name] = (sums[name] ?? 0) + resident;
  }
  return sums;
}

function readProcesses(): Process[] {
  return fs
    .readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const read = (file: string) => fs.readFileSync(`/proc/${entry}/${file}`, "utf8");
        return [parseProcess(Number(entry), read("status"), read("stat"))];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** What is of interest in a `/proc/PID/status` and a `/proc/PID/stat`. */
export function parseProcess(pid: number, status: string, stat: string): Process {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
  // The name, in parentheses, may have anything in it; user and system time are the 14th and 15th.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return {
    pid,
    name: field("Name"),
    parent: Number(field("PPid")),
    resident: Number(field("VmRSS")),
    ticks: Number(user) + Number(system),
  };
}
