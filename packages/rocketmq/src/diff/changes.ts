/** One difference between two documents. */
export interface Change {
  /** Keys from the root to the value; array elements are not taken apart. */
  path: string[];
  /** Absent: the key is new. */
  from?: unknown;
  /** Absent: the key is gone. */
  to?: unknown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every leaf that differs, in key order. Arrays are values: a changed option list is one change. */
export function changes(from: unknown, to: unknown, path: string[] = []): Change[] {
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return keys.flatMap((key) => changes(from[key], to[key], [...path, key]));
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
}

/** A value as it stands in a sentence. */
export function shown(value: unknown): string {
  if (value === undefined) {
    return "(unset)";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
