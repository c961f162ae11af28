import * as pulumi from "@pulumi/pulumi";

/** The hooks of all, in that order. */
export function mergeHooks(
  ...bindings: (pulumi.ResourceHookBinding | undefined)[]
): pulumi.ResourceHookBinding {
  const merged: Record<string, unknown[]> = {};
  for (const binding of bindings) {
    for (const [when, hooks] of Object.entries(binding ?? {}) as [string, unknown[]][]) {
      merged[when] = [...(merged[when] ?? []), ...hooks];
    }
  }
  return merged;
}

/** What an input is when it is known; a hook runs when everything is. */
export function resolved<T>(input: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}

/** What a hook was given: a secret comes as an output. Nothing where that is not known yet. */
export async function plain(value: unknown): Promise<unknown> {
  if (!pulumi.Output.isInstance(value)) {
    return value;
  }
  const { isKnown } = value as unknown as { isKnown: Promise<boolean> };
  // Who waits in a preview for one that is not known waits for ever.
  return (await isKnown) ? resolved(value) : undefined;
}

/** Pulumi's mocks know no hooks, and a user's unit tests must not fail over one. */
export function hooksSupported(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}
