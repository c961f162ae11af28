import { readFileSync } from "node:fs";
import * as path from "node:path";
import { referenceMarkdown } from "./reference";

const library = path.resolve(__dirname, "..", "..");
// eslint-disable-next-line @typescript-eslint/no-require-imports
const docs = require(path.join(library, "docs.cjs")) as {
  configurationMarkdown(schema: unknown): string;
  valuesMarkdown(reference: string): string;
};
const read = (...parts: string[]) => readFileSync(path.join(library, ...parts), "utf8");

test("docs/configuration.md says what the schema says (else: npm run docs)", () => {
  const schema: unknown = JSON.parse(read("schema", "cluster.schema.json"));
  expect(read("..", "..", "docs", "configuration.md")).toBe(docs.configurationMarkdown(schema));
});

test("docs/values.md says what the tables say (else: npm run docs)", () => {
  expect(read("..", "..", "docs", "values.md")).toBe(docs.valuesMarkdown(referenceMarkdown()));
});
