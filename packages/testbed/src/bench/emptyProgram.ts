import * as fs from "node:fs";
import * as path from "node:path";
import { CLONE } from "../clone";
import { Stack } from "../stack";
import type { Toolchain } from "../toolchain";

/** A program without a resource: what Pulumi itself takes. */
export async function emptyProgram(
  toolchain: Toolchain,
  folder: string,
  backend: string,
): Promise<Stack> {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    "name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
  );
  fs.writeFileSync(path.join(folder, "index.js"), '"use strict";\n');
  fs.symlinkSync(path.join(CLONE, "node_modules"), path.join(folder, "node_modules"));
  const stack = new Stack(toolchain, folder, "empty", backend);
  await stack.select();
  return stack;
}
