import type { ValidationError } from "../errors";

/** Collects the mistakes that rules find below one place of the arguments. */
export class Mistakes {
  readonly errors: ValidationError[] = [];

  constructor(private readonly prefix = "") {}

  add(path: string, rule: string, message: string, remedy: string): void {
    this.errors.push({ path: `${this.prefix}${path}`, rule, message, remedy });
  }
}

/** The indices of values that an earlier one equals already. */
export function repeated<T>(values: readonly (T | undefined)[]): number[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index ? [index] : [],
  );
}
