import * as pulumi from "@pulumi/pulumi";
import { judge } from "./explain";

/**
 * Told in a preview and before an update of a node's first step: what each change costs. What would
 * lose data is refused. To be called in the constructor of the component and with its name: a hook
 * made at module level breaks every program that uses the library as a component package.
 */
export function explainHook(name: string, node: string): pulumi.ResourceHookBinding {
  return beforeUpdate(`${name}-explain`, (from, to) => {
    const verdict = judge(node, from, to);
    for (const line of verdict.lines) {
      void pulumi.log.info(line);
    }
    if (verdict.refusals.length > 0) {
      throw new Error(verdict.refusals.join("\n"));
    }
  });
}

/** Told of a rollout: its document changes exactly when a restart is due. */
export function restartHook(name: string, node: string): pulumi.ResourceHookBinding {
  return beforeUpdate(`${name}-restart`, (from, to) => {
    if (typeof from === "string" && typeof to === "string" && from !== to) {
      void pulumi.log.info(`${node}: restarts`);
    }
  });
}

function beforeUpdate(
  name: string,
  tell: (from: unknown, to: unknown) => void,
): pulumi.ResourceHookBinding {
  if (!supported()) {
    return {};
  }
  const hook = new pulumi.ResourceHook(
    name,
    ({ oldInputs, newInputs }) => tell(oldInputs?.["stdin"], newInputs?.["stdin"]),
    { onDryRun: true },
  );
  return { beforeUpdate: [hook] };
}

/** Pulumi's mocks know no hooks, and a user's unit tests must not fail over an explanation. */
function supported(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}
