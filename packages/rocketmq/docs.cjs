/**
 * Writes the reference in docs/ from what the library itself reads: the published schema and the
 * tables of chosen values. Run it after a change of either (it needs a build):
 *
 *   npm run docs
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const INTRODUCTION = `# Configuration

Every argument of \`RocketMQCluster\`, and every key of the root program's configuration: they are the
same, so \`pulumi config set --path connection.user ops\` and \`connection: { user: "ops" }\` mean one
thing. Made from \`packages/rocketmq/schema/cluster.schema.json\`; do not edit.

In a program every value may be an output, but for those that decide which nodes there are: names,
counts, ports and placement. Secrets are marked; they are encrypted in the state and never reach a
log, a command line or a preview.
`;

/** A type in a few words. */
function typeOf(node) {
  if (node.$ref) {
    const name = node.$ref.split("/").pop();
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (node.allOf) {
    return typeOf(node.allOf[0]);
  }
  if (node.enum) {
    return node.enum.map((value) => `\`${value}\``).join(", ");
  }
  if (node.type === "array") {
    return `list of ${typeOf(node.items)}`;
  }
  if (node.type === "object" && typeof node.additionalProperties === "object") {
    return `map of ${typeOf(node.additionalProperties)}`;
  }
  return Array.isArray(node.type) ? node.type.join(" or ") : (node.type ?? "any");
}

const oneLine = (text) => text.replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();

/** The rules that a value must keep, as far as the schema states them. */
function rules(node) {
  const range =
    node.minimum !== undefined && node.maximum !== undefined
      ? `${node.minimum} to ${node.maximum}`
      : node.minimum !== undefined
        ? `at least ${node.minimum}`
        : undefined;
  return [range, node.writeOnly ? "secret" : undefined].filter(Boolean).join(", ");
}

function table(properties, required = []) {
  const rows = Object.entries(properties).map(([key, node]) => {
    const usual = node.default === undefined ? "" : `\`${JSON.stringify(node.default)}\``;
    const type = [typeOf(node), rules(node)].filter(Boolean).join("; ");
    const must = required.includes(key) ? " (required)" : "";
    return `| \`${key}\`${must} | ${type} | ${usual} | ${oneLine(node.description ?? "")} |`;
  });
  return ["| Key | Type | Default | Meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** Definitions that can be reached from the cluster's own properties. */
function reachable(schema) {
  const found = new Set();
  const visit = (node) => {
    for (const name of JSON.stringify(node).match(/#\/definitions\/\w+/g) ?? []) {
      const key = name.split("/").pop();
      if (!found.has(key)) {
        found.add(key);
        visit(schema.definitions[key]);
      }
    }
  };
  visit(schema.properties);
  return [...found];
}

function configurationMarkdown(schema) {
  const parts = reachable(schema).map((name) => {
    const { description, properties, required } = schema.definitions[name];
    return `## ${name}\n\n${description ?? ""}\n\n${table(properties, required)}\n`;
  });
  const cluster = `## The cluster\n\n${table(schema.properties, schema.required)}\n`;
  return [INTRODUCTION, cluster, ...parts].join("\n");
}

function valuesMarkdown(reference) {
  return `# Chosen values

What the library sets, and why. Made from the tables in \`packages/rocketmq/src/config\`; do not edit.
Any of it can be set otherwise: \`brokerConfig\`, \`namesrvConfig\`, \`brokerJvm\`, \`namesrvJvm\`, \`os\`.

${reference.trim()}
`;
}

module.exports = { configurationMarkdown, valuesMarkdown };

if (require.main === module) {
  const docs = join(__dirname, "..", "..", "docs");
  const schema = JSON.parse(readFileSync(join(__dirname, "schema", "cluster.schema.json"), "utf8"));
  const { referenceMarkdown } = require("./dist/config/reference.js");
  writeFileSync(join(docs, "configuration.md"), configurationMarkdown(schema));
  writeFileSync(join(docs, "values.md"), valuesMarkdown(referenceMarkdown()));
}
