import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { BastionArgs, SshConnectionArgs } from "../spec";

/** How many failed dials are forgiven: a machine made a moment ago is still booting. */
const DIAL_ERROR_LIMIT = 10;

/** An override's members win over the cluster's; a bastion is taken whole, never mixed. */
export function mergeConnections(
  base: SshConnectionArgs | undefined,
  override: SshConnectionArgs | undefined,
): SshConnectionArgs {
  const given = Object.entries(override ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(given) as SshConnectionArgs) };
}

/**
 * The connection as the command provider takes it. Keys and passwords are marked as secrets here
 * although the provider does so too: what was never plain cannot leak on the way.
 */
export function commandConnection(
  connection: SshConnectionArgs,
  address: pulumi.Input<string>,
): command.types.input.remote.ConnectionArgs {
  return {
    ...login(connection),
    host: connection.host ?? address,
    ...(connection.bastion ? { proxy: proxy(connection.bastion, connection) } : {}),
  };
}

/** Without a login of its own a bastion is entered as the machine behind it is. */
function proxy(
  bastion: BastionArgs,
  { user, ...connection }: SshConnectionArgs,
): command.types.input.remote.ProxyConnectionArgs {
  const { privateKey, privateKeyPassword, password, agentSocketPath } = connection;
  const own = bastion.privateKey ?? bastion.password ?? bastion.agentSocketPath;
  const key =
    own === undefined ? { privateKey, privateKeyPassword, password, agentSocketPath } : {};
  return { ...login({ user, ...key, ...bastion }), host: bastion.host };
}

/** What a machine and a bastion have in common. */
function login(args: SshConnectionArgs | BastionArgs) {
  return {
    port: args.port ?? 22,
    user: args.user ?? "root",
    ...(args.privateKey === undefined ? {} : { privateKey: pulumi.secret(args.privateKey) }),
    ...(args.privateKeyPassword === undefined
      ? {}
      : { privateKeyPassword: pulumi.secret(args.privateKeyPassword) }),
    ...(args.password === undefined ? {} : { password: pulumi.secret(args.password) }),
    ...(args.agentSocketPath === undefined ? {} : { agentSocketPath: args.agentSocketPath }),
    ...(args.hostKey === undefined ? {} : { hostKey: args.hostKey }),
    dialErrorLimit: args.dialErrorLimit ?? DIAL_ERROR_LIMIT,
    perDialTimeout: args.perDialTimeout ?? 15,
  };
}
