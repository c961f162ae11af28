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

/** Pulumi's mocks know no hooks, and a user's unit tests must not fail over one. */
export function hooksSupported(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}
