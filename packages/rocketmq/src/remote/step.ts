import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Step } from "./documents";
import { quiet } from "./handled";
import { mergeHooks } from "./hooks";
import type { HostAccess } from "./hostAccess";
import { deleteCommand, stepCommand } from "./stepCommand";

/** One idempotent step on one host. */
export interface RemoteStepArgs {
  access: HostAccess;
  /**
   * What `up` runs. Absent: nothing, so that neither making the resource nor any change of it, its
   * document included, connects to a host; only its removal does.
   */
  verb?: Step;
  /**
   * What a removal of the resource runs; nothing if absent. It sees the state alone: the verb, the
   * document and the connection of the last update. Another verb is a change of the step, which
   * runs `verb` once more.
   */
  deleteVerb?: pulumi.Input<Step>;
  /** The desired state: the only thing about a step that changes. */
  document: pulumi.Input<object>;
  /** Words whose change replaces the resource, which runs its removal; nothing else does. */
  replacedWith?: string[];
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
  const { verb, deleteVerb, replacedWith } = args;
  return quiet(
    new command.remote.Command(
      name,
      {
        connection: args.access.connection,
        ...(verb ? { create: sudo.apply((may) => stepCommand(verb, may)) } : {}),
        ...(deleteVerb
          ? {
              delete: pulumi
                .all([deleteVerb, sudo])
                .apply(([removal, may]) => deleteCommand(removal, may)),
            }
          : {}),
        stdin: pulumi.output(args.document).apply((document) => JSON.stringify(document)),
        ...(replacedWith ? { triggers: replacedWith } : {}),
        // sshd refuses environment variables that its AcceptEnv does not name.
        addPreviousOutputInEnv: false,
        // stdout is the result for machines; people read the progress on stderr.
        logging: command.remote.Logging.Stderr,
      },
      // Without a verb nobody logs in.
      { ...opts, hooks: verb ? mergeHooks(opts.hooks, args.access.hooks) : opts.hooks },
    ),
  );
}
