import * as pulumi from "@pulumi/pulumi";
import { secretMaps } from "./secretMaps";

const ARGS = { brokerConfig: { a: "x" }, namesrvConfig: { b: "y" }, topics: {}, version: "5.5.0" };

test.each([
  ["nothing", "[]", []],
  ["a map that has a secret in it", '["rocketmq:config:brokerConfig"]', ["brokerConfig"]],
  ["as newer hosts may write it", '["rocketmq:namesrvConfig"]', ["namesrvConfig"]],
  ["the same key of another project", '["other:config:brokerConfig"]', []],
  ["what shapes the graph, or is marked by its name", '["rocketmq:config:topics"]', []],
])("secret: %s", async (_, keys, expected) => {
  const args = secretMaps(ARGS, "rocketmq", keys);
  const secret = [];
  for (const [key, value] of Object.entries(args)) {
    if (pulumi.Output.isInstance(value) && (await pulumi.isSecret(value))) {
      secret.push(key);
    }
  }
  expect(secret).toEqual(expected);
  expect(Object.keys(args)).toEqual(Object.keys(ARGS));
});
