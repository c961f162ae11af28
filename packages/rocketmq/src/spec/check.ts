import type { ErrorObject } from "ajv";
import { DEFAULT_VERSION, isSupported } from "../config/versions";
import { type Draft, draftOf } from "./draft";
import type { ValidationError } from "./errors";
import { Mistakes } from "./rules/rule";
import { type Root, schemaErrors } from "./schema";
import { located } from "./schemaMessages";
import { plainView } from "./unknown";

/** Arguments after the schema: what it found, and what is left for the rules. */
export interface Checked<T> {
  view: unknown;
  draft: Draft<T>;
  found: Mistakes;
  /** JSON pointers of what the schema refused. */
  wrong: string[];
}

export function check<T>(root: Root, args: unknown): Checked<T> {
  const view = plainView(args);
  const found = new Mistakes();
  const wrong: string[] = [];
  for (const error of schemaErrors(root, view)) {
    const place = located(error, view);
    if (place !== undefined) {
      found.errors.push(place.error);
      wrong.push(pointerOf(error));
    }
  }
  const draft = (draftOf(view, new Set(wrong)) ?? {}) as Draft<T>;
  return { view, draft, found, wrong };
}

/** Where a value is wrong; for keys that are missing or too many, the key's own place. */
function pointerOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  const key = params.missingProperty ?? params.additionalProperty ?? error.propertyName;
  return typeof key === "string" ? `${error.instancePath}/${key}` : error.instancePath;
}

/** For rules that ask what a version can do; an unsupported one is an error of its own. */
export function versionOf(version: string | undefined): string {
  return version !== undefined && isSupported(version) ? version : DEFAULT_VERSION;
}

/** In the order of the arguments, each mistake once. */
export function sorted({ view, found }: Checked<unknown>): ValidationError[] {
  const keys = typeof view === "object" && view !== null ? Object.keys(view) : [];
  const rank = (path: string) => {
    const index = keys.findIndex((key) => new RegExp(`^${key}(\\W|$)`).test(path));
    return index < 0 ? keys.length : index;
  };
  const unique = new Map(found.errors.map((error) => [`${error.path} ${error.rule}`, error]));
  return [...unique.values()].sort((a, b) => rank(a.path) - rank(b.path));
}
