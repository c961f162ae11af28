/**
 * Writes the dashboards as the JSON that Grafana imports. `--check` only says whether the files are
 * what would be written.
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import prettier from "prettier";
import broker from "./broker.mjs";
import consumers from "./consumers.mjs";
import overview from "./overview.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const check = process.argv.includes("--check");
const stale = [];

for (const [name, dashboard] of Object.entries({ overview, broker, consumers })) {
  const file = path.join(folder, `${name}.json`);
  const options = { ...(await prettier.resolveConfig(file)), parser: "json" };
  const text = await prettier.format(JSON.stringify(dashboard, null, 2), options);
  if (!check) {
    fs.writeFileSync(file, text);
  } else if (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text) {
    stale.push(path.basename(file));
  }
}
if (stale.length > 0) {
  process.stderr.write(
    `${stale.join(", ")}: stale, run node ${path.relative(".", import.meta.filename ?? "build.mjs")}\n`,
  );
  process.exit(1);
}
