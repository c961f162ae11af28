import * as fs from "node:fs";
import * as path from "node:path";
import { CLONE } from "../clone";
import { Stack } from "../stack";
import type { Toolchain } from "../toolchain";

/** What is in a program without a resource. */
export const PROGRAMS = {
  /** As `pulumi new javascript` makes it: the SDK is loaded. */
  empty: '"use strict";\nconst pulumi = require("@pulumi/pulumi");\n',
  /** Not even that: the start of the engine and of Node.js alone. */
  nothing: '"use strict";\n',
} as const;

/** A stack of such a program. */
export async function emptyProgram(
  name: keyof typeof PROGRAMS,
  toolchain: Toolchain,
  parent: string,
  backend: string,
): Promise<Stack> {
  const folder = path.join(parent, name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n`,
  );
  fs.writeFileSync(path.join(folder, "index.js"), PROGRAMS[name]);
  fs.symlinkSync(path.join(CLONE, "node_modules"), path.join(folder, "node_modules"));
  const stack = new Stack(toolchain, folder, name, backend);
  await stack.select();
  return stack;
}
