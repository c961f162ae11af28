import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "./process";
import { atLeast, GO_SELF_UPDATING } from "./versions";

/** A Go module of the test bed, below `packages/testbed/toolchain`. */
export interface GoModule {
  folder: string;
  /** Environment that its download or build needs. */
  env?: Record<string, string>;
}

export function goModule(name: string, env?: Record<string, string>): GoModule {
  // The same place from src/toolchain and from dist/toolchain.
  return { folder: path.join(__dirname, "..", "..", "toolchain", name), env };
}

/** Names the content of the files: folders with everything below them. */
export function fingerprint(module: GoModule, ...files: string[]): string {
  const hash = crypto.createHash("sha256");
  hash.update(`${process.platform} ${process.arch}\n`);
  for (const file of files.flatMap((name) => filesOf(module.folder, name)).sort()) {
    const content = fs.readFileSync(path.join(module.folder, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

function filesOf(root: string, name: string): string[] {
  return fs.statSync(path.join(root, name)).isDirectory()
    ? fs.readdirSync(path.join(root, name)).flatMap((child) => filesOf(root, `${name}/${child}`))
    : [name];
}

/** What a build is told beside its package. */
export interface BuildFlags {
  linkerFlags?: string[];
  /** Build tags of the package, which leave parts of it out. */
  tags?: string[];
}

/** Builds a package of the module, or one that it requires, to the file `output`. */
export async function goBuild(
  module: GoModule,
  packagePath: string,
  output: string,
  { linkerFlags = [], tags = [] }: BuildFlags = {},
): Promise<void> {
  await checkGo(module);
  await run(
    "go",
    [
      "build",
      "-trimpath",
      // The binary is keyed by its sources; the state of the clone is not one of them.
      "-buildvcs=false",
      "-mod=readonly",
      ...(tags.length > 0 ? [`-tags=${tags.join(",")}`] : []),
      `-ldflags=${["-s", "-w", ...linkerFlags].join(" ")}`,
      "-o",
      output,
      packagePath,
    ],
    // A go.work or flags of the user's would make a different build.
    { cwd: module.folder, env: { GOWORK: "off", GOFLAGS: "", ...module.env } },
  );
}

/** Fails with what to install, where there is no Go that can build the module. */
async function checkGo(module: GoModule): Promise<void> {
  const wanted = /^go (\S+)/m.exec(
    fs.readFileSync(path.join(module.folder, "go.mod"), "utf8"),
  )?.[1];
  if (!wanted) {
    throw new Error(`${module.folder}/go.mod names no Go version`);
  }
  let version: string;
  let toolchain: string;
  try {
    // Asked outside the module, where Go does not yet try to become the version it wants.
    const text = await run("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: "/" });
    [version = "", toolchain = ""] = text.split("\n").map((line) => line.trim());
  } catch {
    throw new Error(remedy(wanted, "Go is not installed"));
  }
  const problem = goProblem(version, toolchain, wanted);
  if (problem) {
    throw new Error(remedy(wanted, problem));
  }
}

/** What is wrong with an installed Go (its GOVERSION and GOTOOLCHAIN), if anything. */
export function goProblem(version: string, toolchain: string, wanted: string): string | undefined {
  const have = version.replace(/^go/, "");
  const updatesItself = atLeast(have, GO_SELF_UPDATING) && !/^(local|path)$/.test(toolchain);
  return atLeast(have, wanted) || updatesItself
    ? undefined
    : `the installed Go is ${have || "of an unknown version"}`;
}

function remedy(wanted: string, problem: string): string {
  return (
    `${problem}, but the test bed builds its tools with Go ${wanted} or later. ` +
    `Install it from https://go.dev/dl/, or, to need no Go for Pulumi, ` +
    `install Pulumi from https://www.pulumi.com/docs/iac/download-install/.`
  );
}
