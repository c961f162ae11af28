import type { ErrorObject } from "ajv";
import { closest } from "./closest";
import type { ValidationError } from "./errors";
import { along, type Path, pathText, pointerPath } from "./paths";
import type { SchemaNode } from "./schema";
import { isSecretPath } from "./secrets";
import { isUnknown } from "./unknown";

/** A schema error in the user's words, with the place where it applies. */
export interface LocatedError {
  path: Path;
  error: ValidationError;
}

/** Undefined for errors that only repeat others, or that are about a value not known yet. */
export function located(error: ErrorObject, root: unknown): LocatedError | undefined {
  const at = pointerPath(error.instancePath, root);
  if (error.keyword === "propertyNames" || along(root, at).some(isUnknown)) {
    return undefined;
  }
  const path = placeOf(error, at);
  const text = pathText(path);
  return { path, error: { path: text, rule: ruleOf(error), ...describe(error, text) } };
}

function placeOf(error: ErrorObject, at: Path): Path {
  const params = error.params as Record<string, unknown>;
  const key = params.missingProperty ?? params.additionalProperty ?? error.propertyName;
  return typeof key === "string" ? [...at, key] : at;
}

function ruleOf(error: ErrorObject): string {
  switch (error.keyword) {
    case "additionalProperties":
      return "unknown-key";
    case "pattern":
      return "form";
    default:
      return error.keyword;
  }
}

function describe(error: ErrorObject, path: string): { message: string; remedy: string } {
  const schema = error.parentSchema as SchemaNode & Record<string, unknown>;
  const params = error.params as Record<string, unknown>;
  const hint = schema["x-hint"];
  switch (error.keyword) {
    case "required": {
      const missing = schema.properties?.[params.missingProperty as string];
      return {
        message: "is missing",
        remedy: `Add it${exampleOf(missing) || `: ${firstSentence(missing?.description)}`}`.replace(
          /[^.]$/,
          "$&.",
        ),
      };
    }
    case "additionalProperties": {
      const known = Object.keys(schema.properties ?? {});
      const meant = closest(params.additionalProperty as string, known);
      return {
        message: "there is no such key",
        remedy: meant
          ? `Did you mean "${meant}"?`
          : `Take it out. The keys here are ${known.join(", ")}.`,
      };
    }
    case "type":
      return {
        message: `must be ${article(schema.type ?? "")}, not ${shown(error.data, path)}`,
        remedy: hint ?? `Write ${article(schema.type ?? "")}${exampleOf(schema)}.`,
      };
    case "enum": {
      const allowed = (schema.enum ?? []).map((value) => JSON.stringify(value)).join(", ");
      const meant = closest(String(error.data), (schema.enum ?? []).map(String));
      return {
        message: `must be one of ${allowed}, not ${shown(error.data, path)}`,
        remedy: meant && meant !== "" ? `Did you mean "${meant}"?` : (hint ?? "Write one of them."),
      };
    }
    case "pattern":
      return {
        message:
          error.propertyName === undefined
            ? `${shown(error.data, path)} has not the right form`
            : "the key has not the right form",
        remedy: hint ?? `Write it${exampleOf(schema)}.`,
      };
    case "minimum":
      return bound(`must be at least ${String(schema.minimum)}`, error, path);
    case "maximum":
      return bound(`must be at most ${String(schema.maximum)}`, error, path);
    case "minItems":
      return {
        message: "must not be empty",
        remedy: hint ?? `Add at least one${exampleOf(schema)}.`,
      };
    default:
      return {
        message: error.message ?? "is not right",
        remedy: hint ?? (firstSentence(schema.description) || "See the reference."),
      };
  }
}

function bound(message: string, error: ErrorObject, path: string) {
  const { default: usual } = error.parentSchema as SchemaNode;
  return {
    message: `${message}, not ${shown(error.data, path)}`,
    remedy: `Choose a number within bounds${usual === undefined ? "" : `; the default is ${JSON.stringify(usual)}`}.`,
  };
}

/** A value in a message; never that of a secret, and never a long one. */
function shown(value: unknown, path: string): string {
  if (isSecretPath(path)) {
    return "the given (secret) value";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "object" && value !== null) {
    return "an object";
  }
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function article(type: string): string {
  const words: Record<string, string> = {
    array: "a list",
    object: "an object",
    integer: "a whole number",
    string: "text",
    boolean: "true or false",
  };
  return words[type] ?? type;
}

function exampleOf(schema: SchemaNode | undefined): string {
  const example = schema?.examples?.[0] ?? schema?.default;
  return example === undefined ? "" : `, for example ${JSON.stringify(example)}`;
}

function firstSentence(text = ""): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}
