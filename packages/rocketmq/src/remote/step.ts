import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { AGENT_REMOTE_PATH } from "./agentFile";
import { ExitCode, type Step } from "./documents";
import { quiet } from "./handled";
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
 * alone, and short, because the provider begins every error with it: what the agent says shall be
 * the first thing that a person reads. (Of an agent that is not there, `sshHook` tells.)
 */
export function stepCommand(verb: Step, sudo: boolean): string {
  return `sh ${AGENT_REMOTE_PATH} ${sudo ? "" : "--no-sudo "}${verb}`;
}

/** The line of a removal: when it runs, no program is there that could explain a missing agent. */
export function deleteCommand(verb: Step, sudo: boolean): string {
  const remedy = `no agent here (machine rebuilt?): pulumi up --replace "**-agent"`;
  return `[ -e ${AGENT_REMOTE_PATH} ] || { echo '${remedy}' >&2; exit ${ExitCode.AgentMissing}; }; exec ${stepCommand(verb, sudo)}`;
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
  const sudo = pulumi.output(args.access.sudo);
  const { verb, deleteVerb } = args;
  const resource = new command.remote.Command(
    name,
    {
      connection: args.access.connection,
      create: sudo.apply((may) => stepCommand(verb, may)),
      ...(deleteVerb ? { delete: sudo.apply((may) => deleteCommand(deleteVerb, may)) } : {}),
      stdin: pulumi.output(args.document).apply((document) => JSON.stringify(document)),
      // sshd refuses environment variables that its AcceptEnv does not name.
      addPreviousOutputInEnv: false,
      // stdout is the result for machines; people read the progress on stderr.
      logging: command.remote.Logging.Stderr,
    },
    { ...opts, hooks: { ...opts.hooks, ...args.access.hooks } },
  );
  return quiet(resource);
}
