import type * as pulumi from "@pulumi/pulumi";

/** A jump host on the way to a machine. */
export interface BastionArgs {
  /** Address of the jump host as seen from where Pulumi runs. */
  host: pulumi.Input<string>;
  /**
   * SSH port.
   *
   * @default 22
   */
  port?: pulumi.Input<number>;
  /**
   * SSH user.
   *
   * @default the user of the connection
   */
  user?: pulumi.Input<string>;
  /**
   * Private key in PEM or OpenSSH form. A secret.
   *
   * @default the key of the connection
   */
  privateKey?: pulumi.Input<string>;
  /** Passphrase of the private key. A secret. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Password of the user. A secret. */
  password?: pulumi.Input<string>;
  /** Socket of an SSH agent. */
  agentSocketPath?: pulumi.Input<string>;
  /**
   * The host key that the jump host must show, as in `known_hosts` without the name.
   *
   * Example: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA...`
   */
  hostKey?: pulumi.Input<string>;
  /**
   * How often a connection is tried; -1: for ever.
   *
   * @default 10
   */
  dialErrorLimit?: pulumi.Input<number>;
  /**
   * Seconds that one try may take.
   *
   * @default 15
   */
  perDialTimeout?: pulumi.Input<number>;
}

/**
 * How to reach a machine over SSH. Give a key, a password or an agent.
 *
 * A changed connection restarts nothing: the new way is tried, and the machine must be the same.
 */
export interface SshConnectionArgs {
  /**
   * Address for SSH, where it is not the address that RocketMQ uses (a public one, say).
   *
   * @default the `address` of the machine
   */
  host?: pulumi.Input<string>;
  /**
   * SSH port.
   *
   * @default 22
   */
  port?: pulumi.Input<number>;
  /**
   * SSH user: root, or one who may run `sudo` without a password.
   *
   * @default "root"
   */
  user?: pulumi.Input<string>;
  /** Private key in PEM or OpenSSH form. A secret. */
  privateKey?: pulumi.Input<string>;
  /** Passphrase of the private key. A secret. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Password of the user. A secret; a key is better. */
  password?: pulumi.Input<string>;
  /**
   * Socket of an SSH agent.
   *
   * @default `SSH_AUTH_SOCK` of the environment, where neither key nor password is given
   */
  agentSocketPath?: pulumi.Input<string>;
  /**
   * Whether the user becomes root by `sudo -n`. False states that the user is root already.
   *
   * @default true; without effect for root
   */
  sudo?: pulumi.Input<boolean>;
  /**
   * The host key that the machine must show, as in `known_hosts` without the name. Without it the
   * key is not checked. Belongs into the connection of a single machine.
   *
   * Example: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA...`
   */
  hostKey?: pulumi.Input<string>;
  /** A jump host on the way. */
  bastion?: BastionArgs;
  /**
   * How often a connection is tried; -1: for ever. A machine that was made in the same program may
   * need a while until it answers.
   *
   * @default 10
   */
  dialErrorLimit?: pulumi.Input<number>;
  /**
   * Seconds that one try may take.
   *
   * @default 15
   */
  perDialTimeout?: pulumi.Input<number>;
}
