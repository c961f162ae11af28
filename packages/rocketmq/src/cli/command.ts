import type { StackOptions } from "./readStack";

/** What every command is told. */
export interface CommandOptions extends StackOptions {
  /** Print one JSON document for machines instead of lines for people. */
  json: boolean;
  /** A file to write a page to; only for commands that draw one. */
  html?: string;
  /** Machines that are worked on at once. */
  parallel: number;
}

/** Where a command prints. */
export interface Output {
  /** A line of the result. */
  print(line: string): void;
  /** A line about what went wrong. */
  complain(line: string): void;
}

/** One command of the line; returns its exit code. */
export interface Command {
  /** One line for the usage. */
  summary: string;
  /** Whether it takes `--html`. */
  page?: boolean;
  run(options: CommandOptions, output: Output): Promise<number>;
}

/** Exit codes of the commands. */
export const Exit = {
  Ok: 0,
  /** It could not be found out: a machine cannot be reached, wrong arguments. */
  Error: 1,
  /** It could be found out, and is not as it should be. */
  Different: 2,
} as const;
