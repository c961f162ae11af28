import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { AGENT_REMOTE_PATH, agentFile } from "./agentFile";
import { quiet } from "./handled";
import { mergeHooks } from "./hooks";
import type { HostAccess } from "./hostAccess";

/**
 * A file pushed to a host over SSH; its diff is a hash, not a listing. The provider copies again
 * when the content changes but not when the connection does, so another machine behind the same
 * slot must replace the upload: `address` is a trigger.
 */
export function upload(
  name: string,
  args: {
    access: HostAccess;
    address: pulumi.Input<string>;
    source: pulumi.Input<pulumi.asset.Asset>;
    remotePath: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): command.remote.CopyToRemote {
  return quiet(
    new command.remote.CopyToRemote(
      name,
      {
        connection: args.access.connection,
        source: args.source,
        remotePath: args.remotePath,
        triggers: [args.address],
      },
      { ...opts, hooks: mergeHooks(opts.hooks, args.access.hooks) },
    ),
  );
}

/** The agent, which every step of the host needs. */
export function uploadAgent(
  name: string,
  access: HostAccess,
  address: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): command.remote.CopyToRemote {
  return upload(
    name,
    {
      access,
      address,
      source: new pulumi.asset.FileAsset(agentFile()),
      remotePath: AGENT_REMOTE_PATH,
    },
    opts,
  );
}
