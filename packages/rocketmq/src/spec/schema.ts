import { readFileSync } from "node:fs";
import * as path from "node:path";
import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";

/** A part of the published schema, as far as messages and coercion look at it. */
export interface SchemaNode {
  type?: string;
  description?: string;
  enum?: unknown[];
  examples?: unknown[];
  default?: unknown;
  writeOnly?: boolean;
  /** What to write where the value has not the right form. */
  "x-hint"?: string;
  $ref?: string;
  allOf?: SchemaNode[];
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: boolean | SchemaNode;
  definitions?: Record<string, SchemaNode>;
}

/** The schema that is published for editors; the same file from `src` and from `dist`. */
const FILE = path.resolve(__dirname, "..", "..", "schema", "cluster.schema.json");

export const CLUSTER_SCHEMA = JSON.parse(readFileSync(FILE, "utf8")) as SchemaNode;

const validators = new Map<string, ValidateFunction>();

/** Arguments that have a schema of their own. */
export type Root =
  "RocketMQClusterArgs" | "HostArgs" | "NamesrvNodeArgs" | "BrokerNodeArgs" | "ExporterNodeArgs";

/** Everything that ajv finds, with the schema of each place. */
export function schemaErrors(root: Root, value: unknown): ErrorObject[] {
  let validate = validators.get(root);
  if (validate === undefined) {
    // The schema itself is checked by a test, not in every run of a user's program.
    const ajv = new Ajv({
      allErrors: true,
      verbose: true,
      strict: false,
      meta: false,
      validateSchema: false,
    });
    ajv.addSchema(CLUSTER_SCHEMA, "cluster");
    validate = ajv.compile({
      $ref: root === "RocketMQClusterArgs" ? "cluster#" : `cluster#/definitions/${root}`,
    });
    validators.set(root, validate);
  }
  return validate(value) ? [] : (validate.errors ?? []);
}

/** A schema node with its reference followed. */
export function followed(node: SchemaNode | undefined): SchemaNode | undefined {
  const ref = node?.$ref ?? node?.allOf?.[0]?.$ref;
  return ref === undefined ? node : CLUSTER_SCHEMA.definitions?.[ref.replace("#/definitions/", "")];
}
