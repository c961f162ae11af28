import * as fs from "node:fs";
import * as path from "node:path";
import { cached } from "../cache";
import { fingerprint, goBuild, goModule } from "./go";
import { run } from "./process";
import type { Toolchain, ToolchainOptions } from "./toolchain";
import { PROVIDERS, PULUMI } from "./versions";

const pulumiModule = goModule("pulumi");
// A module of its own: it needs the libraries of an earlier Pulumi.
const yamlModule = goModule("yaml");

const CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const YAML_PACKAGE = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml";
const VERSION_FLAG = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`;

const SOURCES = ["language-nodejs", "provider-command", "provider-consul", "provider-random"];

/** The CLI alone: it takes minutes, and depends on nothing but the versions. */
async function cli(): Promise<string> {
  const folder = await cached(
    "pulumi-cli",
    fingerprint(pulumiModule, "go.mod", "go.sum"),
    `build the Pulumi CLI ${PULUMI} from its Go module (3 to 10 minutes the first time)`,
    (target) =>
      goBuild(pulumiModule, CLI_PACKAGE, path.join(target, "pulumi"), {
        linkerFlags: [VERSION_FLAG],
      }),
  );
  return path.join(folder, "pulumi");
}

/** Everything built here: the CLI, the language hosts, and our stand-ins for the providers. */
export async function builtToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const pulumi = await cli();
  const key = fingerprint(pulumiModule, "go.mod", "go.sum", ...SOURCES);
  const folder = await cached(
    "pulumi",
    key,
    "build the Node.js language host and the provider plugins (1 to 2 minutes the first time)",
    (target) => assemble(pulumi, target),
  );
  const bin = path.join(options.yaml ? await withYaml(folder, key) : folder, "bin");
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
  fs.mkdirSync(home);
  link(pulumi, bin);
  await goBuild(pulumiModule, "./language-nodejs", path.join(bin, "pulumi-language-nodejs"), {
    linkerFlags: [VERSION_FLAG],
  });
  for (const [name, version] of Object.entries(PROVIDERS)) {
    const file = path.join(target, `pulumi-resource-${name}`);
    await goBuild(pulumiModule, `./provider-${name}`, file);
    await run(
      path.join(bin, "pulumi"),
      ["plugin", "install", "resource", name, version, "--file", file],
      { env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" } },
    );
    fs.rmSync(file);
  }
}

/** The same programs once more, and the YAML language host with them. */
function withYaml(folder: string, key: string): Promise<string> {
  return cached(
    "pulumi-yaml",
    `${key}-${fingerprint(yamlModule, "go.mod", "go.sum")}`,
    "build the YAML language host (2 to 5 minutes the first time)",
    async (target) => {
      const bin = path.join(target, "bin");
      for (const file of fs.readdirSync(path.join(folder, "bin"))) {
        link(path.join(folder, "bin", file), bin);
      }
      await goBuild(yamlModule, YAML_PACKAGE, path.join(bin, "pulumi-language-yaml"));
    },
  );
}

/** The CLI finds language hosts beside its own file, symbolic links resolved: so a hard link. */
function link(file: string, folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  const target = path.join(folder, path.basename(file));
  try {
    fs.linkSync(file, target);
  } catch {
    fs.copyFileSync(file, target);
  }
}
