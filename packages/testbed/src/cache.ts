import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { step } from "./progress";

/**
 * What is built once and used by every clone: a folder of the project's own outside the clone,
 * `$XDG_CACHE_HOME/pulumi-rocketmq` (default `~/.cache/pulumi-rocketmq`).
 */
export function cacheRoot(): string {
  const base = process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache");
  return path.join(base, "pulumi-rocketmq");
}

/**
 * The folder `NAME-KEY` of the cache, built by `build` if it is not there. It is built under a
 * temporary name and renamed when complete, so an interrupted build is never taken for a good one
 * and two builds at once do no harm. `key` names everything that the content depends on.
 */
export async function cached(
  name: string,
  key: string,
  title: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const target = path.join(cacheRoot(), `${name}-${key}`);
  if (fs.existsSync(target)) {
    return target;
  }
  fs.mkdirSync(cacheRoot(), { recursive: true });
  const temporary = fs.mkdtempSync(path.join(cacheRoot(), `.building-${name}-`));
  try {
    await step(title, () => build(temporary));
    try {
      fs.renameSync(temporary, target);
    } catch (error) {
      // Another process was faster: its result is as good as ours.
      if (!fs.existsSync(target)) {
        throw error;
      }
    }
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}
