import * as pulumi from "@pulumi/pulumi";

/**
 * Arguments as they can be looked at before anything is deployed: outputs and promises, whose
 * values are not there yet, are replaced by a marker that every check passes over.
 */
class Unknown {
  toJSON(): string {
    return "<output>";
  }
}

/** Stands for a value that is not known yet. */
export const UNKNOWN: unknown = Object.freeze(new Unknown());

export function isUnknown(value: unknown): boolean {
  return value instanceof Unknown;
}

/** A deep copy of `value` with `UNKNOWN` in the place of outputs and promises. */
export function plainView(value: unknown): unknown {
  if (isUnknown(value) || pulumi.Output.isInstance(value) || value instanceof Promise) {
    return UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map(plainView);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, plainView(member)]),
    );
  }
  return value;
}
