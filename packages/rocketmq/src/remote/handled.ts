import * as pulumi from "@pulumi/pulumi";

/**
 * An output whose failure the engine has told already. Pulumi prints every failed output that
 * nobody waits for once more, with a stack trace, where `--continue-on-error` lets the program live.
 */
export function handled<T>(output: pulumi.Output<T>): pulumi.Output<T> {
  pulumi.recover(output, () => undefined as T);
  return output;
}

/** The same for all outputs of a resource. */
export function quiet<R extends pulumi.Resource>(resource: R): R {
  for (const member of Object.values(resource) as unknown[]) {
    if (pulumi.Output.isInstance(member)) {
      handled(member);
    }
  }
  return resource;
}
