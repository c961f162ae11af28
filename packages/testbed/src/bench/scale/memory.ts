import * as fs from "node:fs";

/** Peak of the memory of this process's descendants, by program, in MiB. */
export type Memory = Record<string, number>;

const EVERY_MS = 200;

/** Looks on while something runs, and tells how much memory its processes had at most. */
export async function watchMemory<T>(work: () => Promise<T>): Promise<[T, Memory]> {
  const peak: Memory = {};
  const look = () => {
    for (const [name, kib] of Object.entries(residentByName(readProcesses(), process.pid))) {
      peak[name] = Math.max(peak[name] ?? 0, Math.round(kib / 1024));
    }
  };
  const timer = setInterval(look, EVERY_MS);
  try {
    return [await work(), peak];
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
}

/** Resident memory of all descendants of a process, those of a name together. */
export function residentByName(
  processes: readonly Process[],
  ancestor: number,
): Record<string, number> {
  const family = new Set([ancestor]);
  const sums: Record<string, number> = {};
  let grown = true;
  while (grown) {
    const more = processes.filter(({ pid, parent }) => family.has(parent) && !family.has(pid));
    grown = more.length > 0;
    for (const { pid, name, resident } of more) {
      family.add(pid);
      sums[name] = (sums[name] ?? 0) + resident;
    }
  }
  return sums;
}

function readProcesses(): Process[] {
  return fs
    .readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        return [parseStatus(Number(entry), fs.readFileSync(`/proc/${entry}/status`, "utf8"))];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** What is of interest in a `/proc/PID/status`. */
export function parseStatus(pid: number, status: string): Process {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
  return {
    pid,
    name: field("Name"),
    parent: Number(field("PPid")),
    resident: Number(field("VmRSS")),
  };
}
