import * as fs from "node:fs";
import * as path from "node:path";
import { CLONE } from "../clone";

/**
 * The root project in a folder of its own, so that a test's stack leaves no configuration file in
 * the clone: a copy of `Pulumi.yaml` beside links to what it runs.
 */
export function projectCopy(folder: string): string {
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(CLONE, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
  for (const name of ["packages", "node_modules", "package.json"]) {
    const link = path.join(folder, name);
    if (!fs.existsSync(link)) {
      fs.symlinkSync(path.join(CLONE, name), link);
    }
  }
  return folder;
}
