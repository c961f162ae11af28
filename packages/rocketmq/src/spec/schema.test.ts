import { readFileSync } from "node:fs";
import * as path from "node:path";
import Ajv from "ajv";
import * as ts from "typescript";
import { resolveCluster } from "./resolve";
import { CLUSTER_SCHEMA, type SchemaNode } from "./schema";
import { SECRET_KEYS } from "./secrets";
import { DEFAULTS } from "./defaults";

const FILES = ["cluster", "connection", "consul", "exporter", "host", "machine", "nodes", "topics"];
const SCHEMAS = path.resolve(__dirname, "..", "..", "schema");

interface Member {
  optional: boolean;
  doc: string;
}

/** interface -> property -> what the types say about it */
function interfaces(): Map<string, Map<string, Member>> {
  const found = new Map<string, Map<string, Member>>();
  for (const file of FILES) {
    const text = readFileSync(path.join(__dirname, `${file}.ts`), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    for (const node of source.statements.filter(ts.isInterfaceDeclaration)) {
      const members = node.members.filter(ts.isPropertySignature).map((member) => {
        const doc = ts.getJSDocCommentsAndTags(member)[0]?.comment;
        return [
          member.name.getText(source),
          { optional: member.questionToken !== undefined, doc: typeof doc === "string" ? doc : "" },
        ] as const;
      });
      found.set(node.name.text, new Map(members));
    }
  }
  return found;
}

function definition(name: string): SchemaNode & { required?: string[] } {
  const node = name === "RocketMQClusterArgs" ? CLUSTER_SCHEMA : CLUSTER_SCHEMA.definitions?.[name];
  if (node === undefined) {
    throw new Error(`the schema has no ${name}`);
  }
  return node;
}

const firstParagraph = (text = "") =>
  text
    .split(/\n\s*\n/)[0]
    ?.replace(/\s+/g, " ")
    .trim();

describe("the schema says what the types say", () => {
  const types = interfaces();

  test.each([...types.keys()])("%s", (name) => {
    const { properties = {}, required = [] } = definition(name);
    const members = [...(types.get(name) ?? [])];
    expect(Object.keys(properties).sort()).toEqual(members.map(([key]) => key).sort());
    expect([...required].sort()).toEqual(
      members.flatMap(([key, { optional }]) => (optional ? [] : [key])).sort(),
    );
    for (const [key, { doc }] of members) {
      expect(`${key}: ${firstParagraph(properties[key]?.description)}`).toBe(
        `${key}: ${firstParagraph(doc)}`,
      );
    }
  });

  test("and nothing more", () => {
    expect(Object.keys(CLUSTER_SCHEMA.definitions ?? {}).sort()).toEqual(
      [...types.keys()].filter((name) => name !== "RocketMQClusterArgs").sort(),
    );
  });

  test("writeOnly are exactly the keys that we treat as secrets", () => {
    const secrets = [...types.keys()].flatMap((name) =>
      Object.entries(definition(name).properties ?? {}).flatMap(([key, { writeOnly }]) =>
        writeOnly ? [key] : [],
      ),
    );
    expect([...new Set(secrets)].sort()).toEqual([...SECRET_KEYS].sort());
  });
});

test("the defaults in the schema are those that are used", () => {
  const { shape, settings } = resolveCluster({ machines: [] });
  const stated = (name: string, key: string) => definition(name).properties?.[key]?.default;
  expect(
    ["clusterName", "version", "user", "brokerGroups", "replicasPerGroup", "brokersPerMachine"]
      .concat("maxUnavailable", "brokerRole", "flushDiskType")
      .map((key) => stated("RocketMQClusterArgs", key)),
  ).toEqual([
    settings.host.cluster,
    settings.host.version,
    settings.host.user,
    shape.groups.length,
    shape.replicasPerGroup,
    shape.brokersPerMachine,
    shape.maxUnavailable,
    settings.broker.role,
    settings.broker.flushDiskType,
  ]);
  const others: [string, object][] = [
    ["PortsArgs", shape.ports],
    ["PathsArgs", { ...settings.host.paths }],
    ["TimeoutsArgs", { ...settings.host.timeouts }],
    ["TopicArgs", DEFAULTS.topic],
    ["SubscriptionGroupArgs", DEFAULTS.subscriptionGroup],
    ["ExporterArgs", DEFAULTS.exporter],
    [
      "ConsulRegistrationArgs",
      {
        serviceName: DEFAULTS.consulServiceNames.exporter,
        namesrvServiceName: DEFAULTS.consulServiceNames.namesrv,
        brokerServiceName: DEFAULTS.consulServiceNames.broker,
        brokerMetricsServiceName: DEFAULTS.consulServiceNames.brokerMetrics,
      },
    ],
  ];
  for (const [name, used] of others) {
    for (const [key, value] of Object.entries(used)) {
      expect(`${name}.${key} ${String(stated(name, key))}`).toBe(`${name}.${key} ${String(value)}`);
    }
  }
});

test("it is a schema, with no keyword but JSON Schema's and ours", () => {
  const ajv = new Ajv({ strict: true, strictTypes: false });
  ajv.addVocabulary(["x-hint"]);
  expect(() => ajv.compile(CLUSTER_SCHEMA)).not.toThrow();
});

describe("the schema of the stack's file", () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(path.join(SCHEMAS, name), "utf8")) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true });
  const isStack = ajv.compile(read("stack.schema.json"));

  test("is up to date", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { stackSchema } = require("../../schema/generate.cjs") as {
      stackSchema: (cluster: unknown) => unknown;
    };
    expect(read("stack.schema.json")).toEqual(stackSchema(read("cluster.schema.json")));
  });

  test("takes numbers as text, encrypted values and other projects' keys", () => {
    const config = {
      "rocketmq:clusterName": "orders",
      "rocketmq:nameServers": "2",
      "rocketmq:brokerConfig": { fileReservedTime: 48 },
      "rocketmq:connection": { user: "ops", privateKey: { secure: "v1:abc" }, sudo: "true" },
      "rocketmq:machines": [{ name: "m1", address: "10.0.0.1", roles: ["broker"] }],
      "command:anything": "x",
    };
    expect([isStack({ config }), isStack.errors]).toEqual([true, null]);
  });

  test.each([
    ["an unknown key", { "rocketmq:machins": [] }],
    ["a machine without an address", { "rocketmq:machines": [{ name: "m1" }] }],
    ["an unknown role", { "rocketmq:machines": [{ name: "m1", address: "a", roles: ["x"] }] }],
    [
      "no number",
      { "rocketmq:machines": [{ name: "m", address: "a" }], "rocketmq:nameServers": "two" },
    ],
  ])("refuses %s", (_, config) => {
    expect(isStack({ config })).toBe(false);
  });
});
