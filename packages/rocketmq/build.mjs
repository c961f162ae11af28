// Packs the host agent into one file: a shell prefix, then a zip archive that Python runs.
// The same sources give the same bytes on every machine, so that an upload happens only when the
// agent has changed (CopyToRemote compares a hash).
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";

const root = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(root, "agent");
const target = path.join(root, "dist", "agent", "rocketmq-agent");

/** Python sources below `folder`, sorted, relative to `source`, with forward slashes. */
function pythonFiles(folder) {
  return fs
    .readdirSync(path.join(source, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return pythonFiles(name);
      return entry.name.endsWith(".py") ? [name] : [];
    });
}

function checkVersion() {
  const version = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).version;
  const init = fs.readFileSync(path.join(source, "rocketmq_agent", "__init__.py"), "utf8");
  if (!init.includes(`__version__ = "${version}"`)) {
    throw new Error(`rocketmq_agent/__init__.py does not have version ${version} of package.json`);
  }
}

checkVersion();
const entries = {};
for (const name of ["__main__.py", ...pythonFiles("rocketmq_agent")]) {
  entries[name] = fs.readFileSync(path.join(source, name));
}
// A local time, as zip has no time zones; 1980 is the first year that zip knows.
const archive = zipSync(entries, { level: 9, mtime: new Date(1980, 0, 1) });
const prefix = fs.readFileSync(path.join(source, "prefix.sh"), "utf8");
const digest = createHash("sha256").update(prefix).update(archive).digest("hex").slice(0, 16);
const agent = Buffer.concat([Buffer.from(prefix.replace("@DIGEST@", digest)), archive]);

fs.mkdirSync(path.dirname(target), { recursive: true });
if (!fs.existsSync(target) || !fs.readFileSync(target).equals(agent)) {
  // Renamed into place: a deployment may be uploading the old one.
  fs.writeFileSync(`${target}.new`, agent, { mode: 0o755 });
  fs.renameSync(`${target}.new`, target);
}
