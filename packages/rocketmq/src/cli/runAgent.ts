import { ExitCode } from "../remote/documents";
import { stepCommand } from "../remote/stepCommand";
import { CliError } from "./cliError";
import type { HostConnection } from "./connection";
import { execute } from "./ssh";

export interface AgentOptions {
  /** The machine's name in the program, for messages. */
  machine?: string;
  /** Seconds until the agent must have answered. */
  timeout?: number;
}

const TIMEOUT_SECONDS = 120;

/**
 * Runs a verb of the agent on a machine and returns the JSON that it prints. The document goes to
 * its input, so that nothing of it is on a command line.
 */
export async function runAgent(
  connection: HostConnection,
  verb: string,
  document: object,
  { machine = connection.host, timeout = TIMEOUT_SECONDS }: AgentOptions = {},
): Promise<unknown> {
  const command = stepCommand(verb, connection.sudo);
  const { code, stdout, stderr } = await execute(
    machine,
    connection,
    command,
    JSON.stringify(document),
    timeout * 1000,
  );
  if (code !== 0) {
    throw failure(machine, verb, code, stderr.trim());
  }
  try {
    return JSON.parse(stdout);
  } catch {
    throw new CliError(
      `${machine}: ${verb} printed no JSON`,
      "Something prints at every login there, before the agent: see the shell's start files.",
    );
  }
}

function failure(machine: string, verb: string, code: number, text: string): CliError {
  if (/\.rocketmq-agent/.test(text) && /No such file|cannot open|can't open/i.test(text)) {
    return new CliError(
      `${machine}: the agent that an earlier run put there is gone`,
      'Where the machine was built anew, run: pulumi up --replace "**-agent"',
    );
  }
  if (code === ExitCode.BadDocument && /^usage:/.test(text)) {
    return new CliError(
      `${machine}: the agent there is of an earlier release and knows no ${verb}`,
      "Run pulumi up: it puts this release's agent there, and restarts nothing for that.",
    );
  }
  // The agent names its host itself.
  return new CliError(text === "" ? `${machine}: ${verb} ended with ${code}` : text);
}
