import * as path from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";

const folder = path.resolve(__dirname, "..", "..");
const components = ["BrokerNode", "ExporterNode", "Host", "NamesrvNode", "RocketMQCluster"];

/** What Pulumi's other languages would see: it throws on a type that they cannot have. */
function analyze() {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const manifest = require(path.join(folder, "package.json")) as Record<string, unknown>;
  return new Analyzer(folder, "rocketmq", manifest, new Set(components)).analyze();
}

test("every component and argument can be had from every language", () => {
  const { components: found, typeDefinitions } = analyze();
  expect(Object.keys(found).sort()).toEqual(components);
  const undocumented = Object.values(typeDefinitions).flatMap((type) =>
    Object.entries(type.properties ?? {})
      .filter(([, property]) => !property.description)
      .map(([key]) => `${type.name}.${key}`),
  );
  expect(undocumented).toEqual([]);
});

test("only results are outputs: no helper of a component leaks into its package", () => {
  const { components: found } = analyze();
  expect(Object.fromEntries(Object.entries(found).map(([k, c]) => [k, Object.keys(c.outputs)])))
    .toMatchInlineSnapshot(`
    {
      "BrokerNode": [
        "address",
        "brokerName",
        "consulServiceName",
      ],
      "ExporterNode": [
        "endpoint",
        "consulServiceName",
      ],
      "Host": [
        "address",
      ],
      "NamesrvNode": [
        "address",
        "consulServiceName",
      ],
      "RocketMQCluster": [
        "clusterName",
        "namesrvAddr",
        "brokerNames",
        "brokerAddresses",
        "exporterEndpoint",
        "consulServiceName",
      ],
    }
  `);
});
