import * as pulumi from "@pulumi/pulumi";
import { after } from "./internals";

/**
 * What Pulumi names in its refusal of a protected resource is its name alone, so that has to say
 * what to do.
 */
export const GUARD_SUFFIX = "destroy-guard-set-allowDestroy-and-run-pulumi-up-first";

/**
 * Stands between the cluster and its end. It depends on everything of the cluster, so a destroy has
 * to delete it first, alone; and as long as it is protected that fails, in the preview already and
 * whatever the flags, while nothing else was touched. It is no part of what an update removes (a
 * slave, a group, the exporter), so it holds back none of that.
 *
 * A component and not a command with a refusing `delete`: needs no plugin, is refused in previews
 * too, and `--exclude-protected` leaves the cluster alone, as its users expect. Whether it is
 * protected is in the state only, so allowing it connects to no machine, dead ones included.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  /**
   * @param parts components and resources that make up the cluster, with all their children
   */
  constructor(
    cluster: string,
    allowDestroy: boolean,
    parent: pulumi.Resource,
    parts: pulumi.Resource[],
  ) {
    super(
      "rocketmq:index:DestroyGuard",
      `${cluster}-${GUARD_SUFFIX}`,
      {},
      {
        parent,
        dependsOn: complete(parts),
        // Not `false`, which would overrule a protection that the user gave the whole cluster.
        ...(allowDestroy ? {} : { protect: true }),
      },
    );
    this.registerOutputs();
  }
}

/** Everything that is made for the parts, when it is there. */
async function complete(parts: pulumi.Resource[]): Promise<pulumi.Resource[]> {
  // Waits as every step does, with one line for people where something failed.
  return after(parts.flatMap(resourcesOf));
}

/** The resources below a component, which the SDK itself keeps with it to resolve dependencies. */
function resourcesOf(part: pulumi.Resource): pulumi.Resource[] {
  const { __childResources: children } = part as { __childResources?: Set<pulumi.Resource> };
  return pulumi.CustomResource.isInstance(part)
    ? [part]
    : [...(children ?? [])].flatMap(resourcesOf);
}
