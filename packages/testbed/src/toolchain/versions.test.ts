import * as fs from "node:fs";
import * as path from "node:path";
import { atLeast, CONSUL, PROMETHEUS, PROVIDERS, PULUMI } from "./versions";

const testbed = path.join(__dirname, "..", "..");

describe("atLeast", () => {
  test.each([
    ["3.259.0", "3.259.0", true],
    ["3.260.0", "3.259.0", true],
    ["3.259.0-alpha.1", "3.259.0", true],
    ["4.0.0", "3.259.0", true],
    ["3.99.0", "3.259.0", false],
    ["1.26", "1.26.0", true],
    ["1.9.9", "1.21.0", false],
  ])("%s against %s: %s", (a, b, expected) => {
    expect(atLeast(a, b)).toBe(expected);
  });
});

test("the versions are those of the npm packages, the go.mod files and the stand-ins", () => {
  for (const [name, version] of Object.entries({ pulumi: PULUMI, ...PROVIDERS })) {
    expect(`${name} ${installedVersion(name)}`).toBe(`${name} ${version}`);
  }
  for (const [name, version] of Object.entries(PROVIDERS)) {
    expect(source(`pulumi/provider-${name}/main.go`)).toContain(`const version = "${version}"`);
  }
  expect(source("pulumi/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PULUMI}`);
  expect(source("consul/go.mod")).toContain(`github.com/hashicorp/consul v${CONSUL}`);
  const [major = 0, minor = 0, patch = 0] = PROMETHEUS.split(".").map(Number);
  expect(source("prometheus/go.mod")).toContain(
    `github.com/prometheus/prometheus v0.${major * 100 + minor}.${patch} `,
  );
});

function installedVersion(name: string): string {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

function source(file: string): string {
  return fs.readFileSync(path.join(testbed, "toolchain", file), "utf8");
}
