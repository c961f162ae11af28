import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../hosts/run";
import { step } from "../progress";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** What a machine without a Chromium gets; fonts, since one without any draws no text. */
const PACKAGES = ["chromium", "fonts-dejavu-core"];

/**
 * The path of a Chromium: the one on the PATH, else Debian's, installed as the tools of the hosts are
 * (`hosts.sh install`), since it needs some hundred libraries that belong into the system.
 */
export async function prepareBrowser(): Promise<string> {
  const found = onPath();
  if (found !== undefined) {
    return found;
  }
  await step("install Debian's Chromium (100 MB to download)", install);
  const installed = onPath();
  if (installed === undefined) {
    throw new Error("apt-get installed chromium, but it is not on the PATH");
  }
  return installed;
}

function onPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return PROGRAMS.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) =>
    fs.existsSync(file),
  );
}

async function install(): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? "" : "sudo -n ";
  const get = `${asRoot}env DEBIAN_FRONTEND=noninteractive apt-get`;
  const command = `${get} install -y -q --no-install-recommends ${PACKAGES.join(" ")}`;
  const script = `${command} || { ${get} update -q && ${command}; }`;
  const { code, stdout, stderr } = await run("bash", ["-ec", script]);
  if (code !== 0) {
    const said = (stderr.trim() || stdout.trim()).split("\n").slice(-3).join("\n");
    throw new Error(
      `no Chromium is on the PATH, and it cannot be installed (${command}):\n${said}`,
    );
  }
}
