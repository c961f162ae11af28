/**
 * Every command of the root package.json that must work from a fresh clone: installs what is
 * missing, builds, and runs. Uses nothing but Node itself, since it installs the rest.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const started = Date.now();
const say = (text) => process.stderr.write(`${text}\n`);
const seconds = (from) => `${((Date.now() - from) / 1000).toFixed(1)} s`;

/** Runs a program in the clone and returns whether it succeeded. */
function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    say(`${program}: ${result.error.message}`);
  }
  return result.status === 0;
}

function must(title, program, args) {
  const from = Date.now();
  say(`==> ${title} ...`);
  if (!run(program, args, { stdio: ["ignore", process.stderr, process.stderr] })) {
    say(`    ${title} failed: see above`);
    process.exit(1);
  }
  say(`    ${title}: ${seconds(from)}`);
}

/** `npm ci` when the lock file is not the one that was installed. */
function install() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    say(`Node.js 20 or later is needed; this is ${process.version}.`);
    process.exit(1);
  }
  const lock = createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  const mark = path.join(root, "node_modules", ".installed-lock");
  if (!fs.existsSync(mark) || fs.readFileSync(mark, "utf8") !== lock) {
    must("npm ci", "npm", [
      "ci",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      "--ignore-scripts",
    ]);
    fs.writeFileSync(mark, lock);
  }
  must("build", "npm", ["run", "--silent", "build"]);
}

/** One part of a test run: how many of its checks passed and failed. */
function part(title, work) {
  const from = Date.now();
  say(`\n==> ${title}`);
  const result = work();
  say(`    ${title}: ${result.passed} passed, ${result.failed} failed, ${seconds(from)}`);
  return result;
}

const single = (program, args) =>
  run(program, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** A jest run, counted test by test; a suite that cannot even start counts as one failure. */
function jest(...args) {
  const report = path.join(root, "node_modules", `.jest-${process.pid}.json`);
  fs.rmSync(report, { force: true });
  const succeeded = run("npx", ["jest", ...args, "--json", `--outputFile=${report}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (!fs.existsSync(report)) {
    return { passed: 0, failed: 1 };
  }
  const result = JSON.parse(fs.readFileSync(report, "utf8"));
  fs.rmSync(report);
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: succeeded ? failed : Math.max(failed, 1) };
}

const NOTHING = { passed: 0, failed: 0 };

const PARTS = {
  lint: () => single("npm", ["run", "--silent", "lint"]),
  unit: () => jest("--selectProjects", "unit"),
  agent: () => single("bash", ["packages/rocketmq/agent/check.sh"]),
  shell: () => single("bash", ["packages/testbed/check-shell.sh"]),
  prepare: () => (node("prepare/main.js") ? NOTHING : { passed: 0, failed: 1 }),
  // Clusters mostly wait: two or three at a time take little longer than one.
  real: () => jest("--selectProjects", "real", "--maxWorkers=2"),
  full: () => jest("--selectProjects", "full", "--maxWorkers=3"),
};

function test(...names) {
  const results = names.map((name) => part(name, PARTS[name]));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  say(`\nin ${seconds(started)}`);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  return sum("failed") === 0;
}

/** Ends with the exit code of the program. */
const node = (script, ...args) =>
  run("node", [path.join("packages", "testbed", "dist", script), ...args]);

const COMMANDS = {
  check: () => test("lint", "shell", "unit", "agent"),
  test: () => test("lint", "shell", "unit", "agent", "prepare", "real"),
  "test:full": () => test("lint", "shell", "unit", "agent", "prepare", "real", "full"),
  "test:unit": () => test("unit"),
  demo: (...args) => node("demo/main.js", "up", ...args),
  "demo:down": (...args) => node("demo/main.js", "down", ...args),
  bench: (...args) => node("bench/main.js", ...args),
  "bench:changes": (...args) => node("bench/changes/main.js", ...args),
  "bench:scale": (...args) => node("bench/scale/main.js", ...args),
};

const [command, ...args] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, command ?? "")) {
  say(`usage: node packages/testbed/run.mjs ${Object.keys(COMMANDS).join("|")}`);
  process.exit(2);
}
install();
process.exit(COMMANDS[command](...args) ? 0 : 1);
