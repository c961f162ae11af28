import * as fs from "node:fs";
import * as path from "node:path";
import { cached } from "../cache";
import { fingerprint, goBuild, goModule } from "./go";
import { run } from "./process";
import type { Toolchain } from "./toolchain";
import { PROVIDERS, PULUMI } from "./versions";

const module = goModule("pulumi");

const CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_FLAG = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`;

/** Language hosts: file name to the package that builds it. */
const LANGUAGES = {
  "pulumi-language-nodejs": "./language-nodejs",
  "pulumi-language-yaml": "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
};

const SOURCES = ["language-nodejs", "provider-command", "provider-consul", "provider-random"];

/** The CLI alone: it takes minutes, and depends on nothing but the versions. */
async function cli(): Promise<string> {
  const folder = await cached(
    "pulumi-cli",
    fingerprint(module, "go.mod", "go.sum"),
    `build the Pulumi CLI ${PULUMI} from its Go module (3 to 10 minutes the first time)`,
    (target) => goBuild(module, CLI_PACKAGE, path.join(target, "pulumi"), [VERSION_FLAG]),
  );
  return path.join(folder, "pulumi");
}

/** Everything built here: the CLI, the language hosts, and our stand-ins for the providers. */
export async function builtToolchain(): Promise<Toolchain> {
  const pulumi = await cli();
  const folder = await cached(
    "pulumi",
    fingerprint(module, "go.mod", "go.sum", ...SOURCES),
    "build the language hosts and provider plugins (1 to 2 minutes the first time)",
    (target) => assemble(pulumi, target),
  );
  const bin = path.join(folder, "bin");
  return {
    kind: "built",
    pulumi: path.join(bin, "pulumi"),
    env: {
      PATH: [bin, process.env["PATH"] ?? ""].join(path.delimiter),
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // A missing plugin must be an error here, not a download.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  };
}

async function assemble(pulumi: string, target: string): Promise<void> {
  const bin = path.join(target, "bin");
  const home = path.join(target, "home");
  fs.mkdirSync(bin);
  fs.mkdirSync(home);
  // The CLI finds language hosts beside its own file, links resolved.
  try {
    fs.linkSync(pulumi, path.join(bin, "pulumi"));
  } catch {
    fs.copyFileSync(pulumi, path.join(bin, "pulumi"));
  }
  for (const [file, packagePath] of Object.entries(LANGUAGES)) {
    await goBuild(module, packagePath, path.join(bin, file), [VERSION_FLAG]);
  }
  for (const [name, version] of Object.entries(PROVIDERS)) {
    const file = path.join(target, `pulumi-resource-${name}`);
    await goBuild(module, `./provider-${name}`, file);
    await run(
      path.join(bin, "pulumi"),
      ["plugin", "install", "resource", name, version, "--file", file],
      { env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" } },
    );
    fs.rmSync(file);
  }
}
