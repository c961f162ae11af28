import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { alertNames, impatientRules } from "./artifacts";

test("each alert has a test on real hosts that makes its fault", () => {
  const tests = path.join(__dirname, "..", "..", "test", "full", "alerts.test.ts");
  const made = [
    ...fs
      .readFileSync(tests, "utf8")
      .matchAll(/(?:await fires\(\s*|const gone = )"(RocketMQ\w+)"/g),
  ].map(([, name]) => name);
  expect(alertNames().filter((name) => !made.includes(name))).toEqual([]);
});

test("nothing in the rules for those tests waits for minutes, but for what is remembered", () => {
  const { groups } = load(impatientRules()) as {
    groups: { rules: { alert?: string; expr: string; for?: string }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(new Set(rules.flatMap((rule) => rule.for ?? []))).toEqual(new Set(["4s"]));
  const windows = rules.flatMap(({ expr }) => [
    ...expr.matchAll(/(?<=\[|offset )\d+[mh]|\d+ \* 60 \* 1000/g),
  ]);
  // Those of brokers and exporters that were there, and of a disk's pace.
  expect(windows.map(([found]) => found).sort()).toEqual(["1h", "1h", "6h"]);
});
