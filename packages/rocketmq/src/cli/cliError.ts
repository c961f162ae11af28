/** What a person can mend: printed without a stack trace. */
export class CliError extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly remedy?: string,
  ) {
    super(message);
    this.name = "CliError";
  }
}
