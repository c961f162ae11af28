import * as path from "node:path";
import { cached } from "../cache";
import { say } from "../progress";
import { run } from "./process";
import type { Toolchain } from "./toolchain";
import { atLeast, PROVIDERS, PULUMI } from "./versions";

/** A plugin is some 20 MB; without a network the attempt fails or hangs, and is given up. */
const DOWNLOAD_TIMEOUT = 120_000;

/** The user's own Pulumi with the official plugins, if it is new enough and they can be had. */
export async function installedToolchain(): Promise<Toolchain | undefined> {
  const version = await installedVersion();
  if (version === undefined) {
    return undefined;
  }
  if (!isSuitable(version)) {
    say(`The installed Pulumi is ${version}; the test bed wants ${PULUMI} or a later 3.x.`);
    return undefined;
  }
  try {
    const folder = await cached(
      "pulumi-plugins",
      Object.entries(PROVIDERS).flat().join("-"),
      "download the official provider plugins",
      install,
    );
    return {
      kind: "installed",
      pulumi: "pulumi",
      env: { PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" },
    };
  } catch (error) {
    say(`The official plugins cannot be had: ${(error as Error).message}`);
    return undefined;
  }
}

async function installedVersion(): Promise<string | undefined> {
  try {
    const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
    return (await run("pulumi", ["version"], { env })).trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}

export function isSuitable(version: string): boolean {
  return atLeast(version, PULUMI) && version.startsWith("3.");
}

/** Into a PULUMI_HOME of the test bed's own: the user's plugins and logins stay as they are. */
async function install(folder: string): Promise<void> {
  for (const [name, version] of Object.entries(PROVIDERS)) {
    await run("pulumi", ["plugin", "install", "resource", name, version], {
      env: { PULUMI_HOME: path.resolve(folder), PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: DOWNLOAD_TIMEOUT,
    });
  }
}
