import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fingerprint, goBuild, goProblem } from "./go";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "go-module-"));
  fs.writeFileSync(path.join(folder, "go.mod"), "module example\n\ngo 99.0\n");
  fs.mkdirSync(path.join(folder, "tool"));
  fs.writeFileSync(path.join(folder, "tool", "main.go"), "package main\n");
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

test("a fingerprint changes with the content and the names of the files, and with nothing else", () => {
  const of = () => fingerprint({ folder }, "go.mod", "tool");
  const before = of();
  fs.writeFileSync(path.join(folder, "README.md"), "not among the files");
  expect(of()).toBe(before);
  fs.appendFileSync(path.join(folder, "tool", "main.go"), "func main() {}\n");
  const changed = of();
  expect(changed).not.toBe(before);
  fs.renameSync(path.join(folder, "tool", "main.go"), path.join(folder, "tool", "run.go"));
  expect(of()).not.toBe(changed);
});

test.each([
  ["go1.26.8", "auto", undefined],
  ["go1.26.0", "local", undefined],
  ["go1.22.1", "auto", undefined],
  ["go1.22.1", "local", "the installed Go is 1.22.1"],
  ["go1.19", "", "the installed Go is 1.19"],
])("%s with GOTOOLCHAIN=%s for a module of Go 1.26.0: %s", (version, toolchain, problem) => {
  expect(goProblem(version, toolchain, "1.26.0")).toBe(problem);
});

test("without Go, the error says what to install", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = folder;
  try {
    await expect(goBuild({ folder }, "./tool", "/dev/null")).rejects.toThrow(
      /^Go is not installed, .* Go 99\.0 or later\. Install it from https:\/\/go\.dev\/dl\//,
    );
  } finally {
    process.env["PATH"] = path;
  }
});
