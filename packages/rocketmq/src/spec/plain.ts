import type * as pulumi from "@pulumi/pulumi";

/** Arguments with every output resolved. */
export type Plain<T> = pulumi.Unwrap<T>;

/** The members that are there: documents and settings have no undefined ones. */
export function defined<T extends object>(members: T): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as T;
}
