import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cached, cacheRoot } from "../cache";
import { checksumFile, sha512 } from "./checksum";
import { mavenPackage, recipeFiles } from "./maven";
import { archiveName, RELEASES, type Release } from "./releases";

const RECIPE = path.join(__dirname, "..", "..", "mirror");

/**
 * Puts the distributions of these versions together, those that are not in the cache yet, and returns
 * a folder laid out like Apache's `/dist/rocketmq`: VERSION/rocketmq-all-VERSION-bin-release.zip with
 * its `.sha512` beside it.
 */
export async function prepareDistributions(versions: readonly string[]): Promise<string> {
  const folder = path.join(cacheRoot(), "mirror");
  fs.mkdirSync(folder, { recursive: true });
  // One after the other: Maven's local repository is not made for two writers.
  for (const version of versions) {
    const release = RELEASES[version];
    if (!release) {
      throw new Error(
        `the test bed has no RocketMQ ${version}, only ${Object.keys(RELEASES).join(", ")}`,
      );
    }
    const key = recipeKey(version, release);
    const built = await cached("rocketmq", `${version}-${key}`, `RocketMQ ${version}`, (target) =>
      build(version, release, target),
    );
    link(built, path.join(folder, version));
  }
  return folder;
}

/** Path of a version's archive in the folder that `prepareDistributions` returned. */
export function archivePath(folder: string, version: string): string {
  return path.join(folder, version, archiveName(version));
}

function recipeKey(version: string, release: Release): string {
  const hash = createHash("sha256").update(JSON.stringify([version, release]));
  recipeFiles(RECIPE).forEach((file) => hash.update(fs.readFileSync(file)));
  return hash.digest("hex").slice(0, 12);
}

async function build(version: string, release: Release, target: string): Promise<void> {
  const work = path.join(target, "work");
  await mavenPackage(
    path.join(RECIPE, "pom.xml"),
    work,
    { "rmq.version": version, "scripts.version": release.scripts, top: release.top },
    release.profiles,
  );
  const name = archiveName(version);
  const archive = path.join(target, name);
  fs.renameSync(path.join(work, name), archive);
  fs.writeFileSync(
    `${archive}.sha512`,
    checksumFile(release.checksum, name, await sha512(archive)),
  );
  fs.rmSync(work, { recursive: true });
}

/** Replaced in one step, since a mirror may be serving from there. */
function link(target: string, file: string): void {
  const relative = path.relative(path.dirname(file), target);
  if (fs.existsSync(file) && fs.readlinkSync(file) === relative) {
    return;
  }
  const temporary = `${file}.${process.pid}`;
  fs.symlinkSync(relative, temporary);
  fs.renameSync(temporary, file);
}
