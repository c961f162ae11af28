/**
 * Makes `stack.schema.json` of `cluster.schema.json`: the same keys as they stand in a stack's
 * configuration file, below `config` and with the project's prefix. Run it after a change:
 *
 *   node packages/rocketmq/schema/generate.cjs
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** The name of the root program's project, which Pulumi puts before each key. */
const PROJECT = "rocketmq";

/** What `pulumi config set --secret` writes. */
const SECURE = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** `pulumi config set` stores every value as text, and any value may be encrypted. */
function stored(node) {
  const { description, default: usual, examples, ...rest } = node;
  const annotations = Object.fromEntries(
    Object.entries({ description, default: usual, examples }).filter(([, v]) => v !== undefined),
  );
  switch (node.type) {
    case "integer":
      return { ...annotations, anyOf: [rest, { type: "string", pattern: "^-?[0-9]+$" }, SECURE] };
    case "boolean":
      return { ...annotations, anyOf: [rest, { enum: ["true", "false"] }, SECURE] };
    case "string":
      return { ...annotations, anyOf: [rest, { type: ["number", "boolean"] }, SECURE] };
    case "array":
      return { ...node, items: stored(node.items) };
    case "object":
      return storedObject(node);
    default:
      return node;
  }
}

function storedObject(node) {
  const changed = { ...node };
  if (node.properties) {
    changed.properties = mapped(node.properties, (key) => key, stored);
  }
  if (typeof node.additionalProperties === "object") {
    changed.additionalProperties = stored(node.additionalProperties);
  }
  return changed;
}

function mapped(object, key, value) {
  return Object.fromEntries(Object.entries(object).map(([k, v]) => [key(k), value(v)]));
}

function stackSchema(cluster) {
  return {
    $schema: cluster.$schema,
    $id: "stack.schema.json",
    title: "Stack configuration of a RocketMQ cluster",
    description: `Pulumi.STACK.yaml of the project "${PROJECT}". ${cluster.description}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        description: "The parameters of the cluster, and settings of Pulumi's providers.",
        properties: mapped(cluster.properties, (key) => `${PROJECT}:${key}`, stored),
        patternProperties: { [`^(?!${PROJECT}:)[^:]+:`]: true },
        required: cluster.required.map((key) => `${PROJECT}:${key}`),
        additionalProperties: false,
      },
    },
    definitions: mapped(cluster.definitions, (key) => key, stored),
  };
}

module.exports = { stackSchema };

/** As the formatter of the repository would have it, so that neither undoes the other. */
async function write() {
  const prettier = require("prettier");
  const path = join(__dirname, "stack.schema.json");
  const cluster = JSON.parse(readFileSync(join(__dirname, "cluster.schema.json"), "utf8"));
  const options = { ...(await prettier.resolveConfig(path)), filepath: path };
  writeFileSync(
    path,
    await prettier.format(JSON.stringify(stackSchema(cluster), null, 2), options),
  );
}

if (require.main === module) void write();
