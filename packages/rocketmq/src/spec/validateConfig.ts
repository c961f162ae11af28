import type { ValidationError } from "./errors";

export interface ConfigResult {
  /** The arguments of the cluster: strings such as "2" made numbers, JSON text parsed. */
  args: Record<string, unknown>;
  errors: ValidationError[];
}

/**
 * Reads the values of a stack's configuration (without the project's prefix), as strings or as
 * the structures that they stand for.
 */
export function validateConfig(_config: Record<string, unknown>): ConfigResult {
  throw new Error("to be filled in");
}

/** Whether the value at a path such as `connection.privateKey` is a secret. */
export function isSecretPath(_path: string): boolean {
  throw new Error("to be filled in");
}

/** A copy of `args` with every secret value given to `wrap` (`pulumi.secret`). */
export function markSecrets(
  _args: Record<string, unknown>,
  _wrap: (value: unknown) => unknown,
): Record<string, unknown> {
  throw new Error("to be filled in");
}
