import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/** How steps reach a host and what they must wait for: what a Host hands to the roles on it. */
export interface HostAccess {
  connection: pulumi.Input<command.types.input.remote.ConnectionArgs>;
  /** Whether the agent may become root by sudo (needless for root itself). */
  sudo: pulumi.Input<boolean>;
  /** What explains a connection that fails, and has logins through a bastion take turns. */
  hooks?: pulumi.ResourceHookBinding;
}
