import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Background } from "./background";

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "background-"))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("a process is started once, found again and ended", async () => {
  const first = new Background(folder);
  first.start("sleeper", "sleep", ["60"]);
  const again = new Background(folder);
  expect(again.isRunning("sleeper")).toBe(true);
  const before = fs.readFileSync(path.join(folder, "sleeper.pid.json"), "utf8");
  again.start("sleeper", "sleep", ["60"]);
  expect(fs.readFileSync(path.join(folder, "sleeper.pid.json"), "utf8")).toBe(before);
  await again.stop("sleeper");
  expect(first.isRunning("sleeper")).toBe(false);
});

test("a process of somebody else with the same number is left alone", async () => {
  const background = new Background(folder);
  fs.writeFileSync(
    path.join(folder, "other.pid.json"),
    JSON.stringify({ pid: process.pid, started: "1" }),
  );
  expect(background.isRunning("other")).toBe(false);
  await background.stop("other");
  expect(process.pid).toBeGreaterThan(0);
});
