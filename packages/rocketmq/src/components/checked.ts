import * as pulumi from "@pulumi/pulumi";
import { formatErrors, markSecrets, type ValidationError } from "../spec";

/** Every mistake at once, as Pulumi and its other languages know input errors. */
export function refuse(errors: readonly ValidationError[]): void {
  if (errors.length > 0) {
    throw new pulumi.InputPropertiesError({
      message: formatErrors(errors),
      errors: errors.map(({ path, message, remedy }) => ({
        propertyPath: path,
        reason: `${message}: ${remedy}`,
      })),
    });
  }
}

/**
 * The arguments as a component's inputs: keys and passwords are secrets before the engine sees them.
 * Those of a component that another one makes are left out: they say what the other's inputs and the
 * documents of the steps say too, and each secret in the state is encrypted anew with every step.
 */
export function componentInputs(args: object, madeBy?: object): pulumi.Inputs {
  if (madeBy !== undefined) {
    return {};
  }
  return markSecrets(args as Record<string, unknown>, (value) => pulumi.secret(value));
}

/** Arguments without what no document may hold, so that a secret key does not hide every diff. */
export function without<T extends object, K extends keyof T>(args: T, ...keys: K[]): Omit<T, K> {
  const rest = { ...args };
  for (const key of keys) {
    delete rest[key];
  }
  return rest;
}
