import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { resolved } from "./hooks";
import { sshRemedy } from "./sshRemedy";

/**
 * Tells, after a failure before the agent could run, which machine it was, why, and what to do: the
 * provider's own error names neither the machine nor a remedy. To be called in the constructor of
 * the machine's component and with its name: a hook made at module level breaks every program that
 * uses the library as a component package.
 */
export function sshHook(
  name: string,
  machine: string,
  login: pulumi.Input<string>,
): pulumi.ResourceHookBinding {
  if (!supported()) {
    return {};
  }
  const hook = new pulumi.ErrorHook(`${name}-ssh`, async ({ errors }) => {
    const text = sshRemedy(errors[0] ?? "", { machine, login: await resolved(login) });
    if (text !== undefined) {
      await pulumi.log.error(text);
    }
    // The provider has tried often enough.
    return false;
  });
  return { onError: [hook] };
}

/** Pulumi's mocks and older engines know no error hooks; an explanation is no reason to fail. */
function supported(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerErrorHook?: unknown } | undefined;
  // What the engine can is known to the SDK alone, and not among its types.
  const { getStore } = state as { getStore?: () => { supportsErrorHooks?: boolean } };
  return typeof monitor?.registerErrorHook === "function" && !!getStore?.().supportsErrorHooks;
}
