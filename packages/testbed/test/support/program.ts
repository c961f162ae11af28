import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Stack } from "../../src/stack/stack";
import type { Toolchain } from "../../src/toolchain";

/** A resource of a program that is nothing but a list of resources. */
export interface Resource {
  /** Such as `command.remote.Command`: where the npm packages have its class. */
  type: string;
  name: string;
  /**
   * `{ $file: path }`, `{ $folder: path }` `{ $text: text }` and `{ $assets: {...} }`
   * stand for assets.
   */
  args: Record<string, unknown>;
  /** The name of an earlier resource that must be there first. */
  after?: string;
}

/** What the engine means to do with a resource: `same`, `update`, `replace`, `create`... */
export type Plan = Record<string, string>;

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const modules = {
  get command() { return require("@pulumi/command"); },
  get consul() { return require("@pulumi/consul"); },
};
const { resources, provider } = JSON.parse(require("fs").readFileSync("resources.json", "utf8"));
const asset = (value) =>
  value?.$file ? new pulumi.asset.FileAsset(value.$file)
  : value?.$folder ? new pulumi.asset.FileArchive(value.$folder)
  : value?.$assets ? new pulumi.asset.AssetArchive(assets(value.$assets))
  : value?.$text ? new pulumi.asset.StringAsset(value.$text)
  : value;
const assets = (values) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, asset(value)]));
const explicit = provider && new modules.consul.Provider("provider", provider);
const made = {};
for (const { type, name, args, after } of resources) {
  const Resource = type.split(".").reduce((found, key) => found[key], modules);
  made[name] = new Resource(name, assets(args), {
    ...(explicit && { provider: explicit }),
    ...(after && { dependsOn: [made[after]] }),
  });
}
`;

/** A tiny program in a folder of its own, whose resources a test sets as it likes. */
export class Program {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "conformance-"));
  readonly stack: Stack;
  private names: string[] = [];

  constructor(toolchain: Toolchain) {
    const clone = path.join(__dirname, "..", "..", "..", "..");
    this.write(
      "Pulumi.yaml",
      "name: conformance\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    this.write("package.json", '{ "name": "conformance", "main": "index.js" }\n');
    this.write("index.js", PROGRAM);
    fs.symlinkSync(path.join(clone, "node_modules"), path.join(this.folder, "node_modules"));
    this.stack = new Stack(toolchain, this.folder, "test", path.join(this.folder, "state"));
  }

  private write(name: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, name), text);
  }

  /** What the next command of the stack works on. */
  set(resources: Resource[], provider?: Record<string, unknown>): void {
    this.names = resources.map(({ name }) => name);
    this.write("resources.json", JSON.stringify({ resources, provider }));
  }

  /** What the engine would do, by the resources' names. */
  async plan(): Promise<Plan> {
    const { code, text } = await this.stack.run(["preview", "--json"]);
    if (code !== 0) {
      throw new Error(`pulumi preview failed:\n${text}`);
    }
    const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as {
      steps: { op: string; urn: string }[];
    };
    // What stays the same is not among the steps. A replacement is three steps, of which "replace" is the one that names it.
    const plan: Plan = Object.fromEntries(this.names.map((name) => [name, "same"]));
    for (const { op, urn } of steps) {
      const name = urn.split("::").pop() ?? urn;
      if (plan[name] !== "replace") {
        plan[name] = op;
      }
    }
    return plan;
  }

  /** Fails with everything that Pulumi said, unless the update succeeds. */
  async up(): Promise<string> {
    const { code, text } = await this.stack.up();
    if (code !== 0) {
      throw new Error(`pulumi up failed:\n${text}`);
    }
    return text;
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
