import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { AGENT_REMOTE_PATH } from "./agentFile";
import { ExitCode, type Step } from "./documents";
import type { HostAccess } from "./hostAccess";

/** One idempotent step on one host. */
export interface RemoteStepArgs {
  access: HostAccess;
  /** What `up` runs. */
  verb: Step;
  /** What a removal of the resource runs; nothing if absent. */
  deleteVerb?: Step;
  /** The desired state: the only thing about a step that changes. */
  document: pulumi.Input<object>;
}

/**
 * The line that runs a verb. Constant for a host, so that the diff of a step is its document
 * alone, and short, because the provider repeats it in every error.
 */
export function stepCommand(verb: Step, sudo: boolean): string {
  const run = `exec sh ${AGENT_REMOTE_PATH} ${sudo ? "" : "--no-sudo "}${verb}`;
  const remedy = `no agent here (machine rebuilt?): pulumi up --replace "**-agent"`;
  return `[ -e ${AGENT_REMOTE_PATH} ] || { echo '${remedy}' >&2; exit ${ExitCode.AgentMissing}; }; ${run}`;
}

/**
 * The only place that runs something on a host. `update` is not given: the provider then runs
 * `create` again, with the new document on stdin, and a removal gets the last one.
 */
export function remoteStep(
  name: string,
  args: RemoteStepArgs,
  opts: pulumi.CustomResourceOptions,
): command.remote.Command {
  const line = (verb: Step) =>
    pulumi.output(args.access.sudo).apply((sudo) => stepCommand(verb, sudo));
  return new command.remote.Command(
    name,
    {
      connection: args.access.connection,
      create: line(args.verb),
      ...(args.deleteVerb ? { delete: line(args.deleteVerb) } : {}),
      stdin: pulumi.output(args.document).apply((document) => JSON.stringify(document)),
      // sshd refuses environment variables that its AcceptEnv does not name.
      addPreviousOutputInEnv: false,
      // stdout is the result for machines; people read the progress on stderr.
      logging: command.remote.Logging.Stderr,
    },
    opts,
  );
}
