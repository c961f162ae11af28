import type { ValidationError } from "./errors";
import { CLUSTER_SCHEMA, followed, type SchemaNode } from "./schema";
import { validateCluster } from "./validate";

export { isSecretPath, markSecrets } from "./secrets";

export interface ConfigResult {
  /** The arguments of the cluster: strings such as "2" made numbers, JSON text parsed. */
  args: Record<string, unknown>;
  errors: ValidationError[];
}

/**
 * Reads the values of a stack's configuration (without the project's prefix), as strings or as
 * the structures that they stand for.
 */
export function validateConfig(config: Record<string, unknown>): ConfigResult {
  const args = coerced(config, CLUSTER_SCHEMA) as Record<string, unknown>;
  return { args, errors: validateCluster(args) };
}

/**
 * `pulumi config set` stores text, and YAML makes numbers of what should be text. A value that
 * does not fit is left as it is, for the schema to refuse.
 */
function coerced(value: unknown, schema: SchemaNode | undefined): unknown {
  const node = followed(schema);
  switch (node?.type) {
    case "integer":
      return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
    case "boolean":
      return value === "true" ? true : value === "false" ? false : value;
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    case "array": {
      const list = parsed(value);
      return Array.isArray(list) ? list.map((element) => coerced(element, node.items)) : list;
    }
    case "object":
      return coercedObject(parsed(value), node);
    default:
      return value;
  }
}

function coercedObject(value: unknown, node: SchemaNode): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  const others =
    typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      coerced(member, node.properties?.[key] ?? others),
    ]),
  );
}

/** Structured configuration reaches a program as JSON text. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
