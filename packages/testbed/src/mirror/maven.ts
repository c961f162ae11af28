import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Maven's version in use decides nothing that is built: plugins and dependencies are pinned in the poms. */
const MAVEN = process.env["MAVEN"] ?? "mvn";

/**
 * Runs `mvn package` for a pom of the test bed with its output below `folder`. Nothing is written
 * beside the pom, so that two clones or two builds at once do not meet.
 */
export async function mavenPackage(
  pom: string,
  folder: string,
  properties: Record<string, string>,
  profiles: string[] = [],
): Promise<void> {
  const args = ["-B", "-q", "-ntp", "-f", pom, `-Dout=${folder}`];
  args.push(...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`));
  if (profiles.length > 0) {
    args.push(`-P${profiles.join(",")}`);
  }
  const { code, output } = await run(MAVEN, [...args, "package"]);
  if (code !== 0) {
    throw new Error(`mvn -f ${pom} package ended with ${code}:\n${lastLines(output)}`);
  }
}

/** A checksum of the files that decide what a build makes, to be part of its key in the cache. */
export function recipeFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(xml|java)$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !path.relative(folder, file).startsWith("target"))
      .sort(),
  );
}

function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new Error(`${command} is not here; on Debian: apt-get install maven`)
          : error,
      );
    });
    child.on("close", (code) => resolve({ code, output }));
  });
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(0, 20).join("\n");
}
