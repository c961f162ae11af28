import type { ValidationError } from "./errors";

/**
 * Every mistake in the arguments of a cluster. Outputs are passed over (see `plainView`), so it
 * can run in the constructor, and again when their values are there.
 */
export function validateCluster(_args: unknown): ValidationError[] {
  throw new Error("to be filled in");
}

export function validateHost(_args: unknown): ValidationError[] {
  throw new Error("to be filled in");
}

export function validateNamesrvNode(_args: unknown): ValidationError[] {
  throw new Error("to be filled in");
}

export function validateBrokerNode(_args: unknown): ValidationError[] {
  throw new Error("to be filled in");
}

export function validateExporterNode(_args: unknown): ValidationError[] {
  throw new Error("to be filled in");
}
