import * as pulumi from "@pulumi/pulumi";
import type { Step } from "../remote";
import type { HostArgs } from "../spec";

/** What the removal of a node runs: whether its data stays is in the verb, no document changes. */
export function removalVerb(host: HostArgs, keep: Step, purge: Step): pulumi.Output<Step> {
  return pulumi.output(host.purge).apply((purged) => (purged === true ? purge : keep));
}
