import { parseArgs } from "node:util";
import { CliError } from "./cliError";
import { type Command, type CommandOptions, Exit, type Output } from "./command";
import { COMMANDS } from "./commands";
import { PARALLEL } from "./parallel";

/** What is printed where nothing else is asked for. */
export function usage(commands: Readonly<Record<string, Command>>): string {
  return [
    "usage: pulumi-rocketmq <command> [options]",
    "",
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`),
    "",
    "  --stack NAME    the Pulumi stack (default: the one that is selected)",
    "  --cwd DIR       folder of the Pulumi project (default: here)",
    "  --json          one JSON document on stdout, for machines",
    "  --html FILE     a page for a browser (status)",
    `  --parallel N    machines asked at once (default: ${PARALLEL})`,
  ].join("\n");
}

/** Runs a command line (without program and script); returns its exit code. */
export async function main(
  args: string[],
  output: Output,
  commands: Readonly<Record<string, Command>> = COMMANDS,
): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [name = ""] = positionals;
    if (values.help || name === "help") {
      output.print(usage(commands));
      return Exit.Ok;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined || positionals.length > 1) {
      output.complain(usage(commands));
      return Exit.Error;
    }
    if (values.html !== undefined && command.page !== true) {
      throw new CliError(`--html: ${name} draws no page`);
    }
    return await command.run(options(values), output);
  } catch (error) {
    complain(error as Error, output);
    return Exit.Error;
  }
}

/** An error with its remedy; a stack trace only of a fault of ours. */
export function complain(error: Error, output: Output): void {
  if (!(error instanceof CliError)) {
    output.complain(error.stack ?? error.message);
    return;
  }
  output.complain(error.message);
  if (error.remedy !== undefined) {
    output.complain(`  ${error.remedy}`);
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        stack: { type: "string", short: "s" },
        cwd: { type: "string", short: "C" },
        json: { type: "boolean", default: false },
        html: { type: "string" },
        parallel: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new CliError((error as Error).message, "pulumi-rocketmq --help lists the options.");
  }
}

function options(values: ReturnType<typeof parse>["values"]): CommandOptions {
  const parallel = Number(values.parallel ?? PARALLEL);
  if (!Number.isInteger(parallel) || parallel < 1) {
    throw new CliError(`--parallel ${values.parallel}: must be a number from 1 on`);
  }
  const { stack, cwd, json, html } = values;
  return { stack, cwd, json, ...(html === undefined ? {} : { html }), parallel };
}

/** The program. */
export function run(): void {
  const output: Output = {
    print: (line) => process.stdout.write(`${line}\n`),
    complain: (line) => process.stderr.write(`${line}\n`),
  };
  void main(process.argv.slice(2), output).then((code) => {
    process.exitCode = code;
  });
}
