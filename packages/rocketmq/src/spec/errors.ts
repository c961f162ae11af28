/** One mistake in what the user wrote. */
export interface ValidationError {
  /** Where: `machines[1].address`; empty for the whole. */
  path: string;
  /** Stable name of the rule that it breaks: `required`, `duplicate-machine`. */
  rule: string;
  /** What is wrong. Never holds the value of a secret. */
  message: string;
  /** What to write instead. */
  remedy: string;
}

/** All mistakes as one text, one a line, each with what to do. */
export function formatErrors(errors: readonly ValidationError[]): string {
  const count = errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`;
  const lines = errors.map(
    ({ path, rule, message, remedy }) =>
      `  ${path || "(all)"}: ${message} [${rule}]\n    ${remedy}`,
  );
  return [`The cluster's description has ${count}:`, ...lines].join("\n");
}
