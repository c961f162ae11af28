import * as pulumi from "@pulumi/pulumi";
import { judge } from "./explain";

/**
 * The hook that tells, in preview and before an update, what each change of a node costs, and
 * refuses what would lose data. It must be made in the constructor of the component and named after
 * it: one made at module level breaks every program that uses the library as a component package.
 */
export function explainHook(name: string, node: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-explain`,
    (args) => {
      const verdict = judge(node, args.oldInputs?.["stdin"], args.newInputs?.["stdin"]);
      for (const line of verdict.lines) {
        void pulumi.log.info(line);
      }
      if (verdict.refusals.length > 0) {
        throw new Error(verdict.refusals.join("\n"));
      }
    },
    { onDryRun: true },
  );
}

/** The hook of a rollout: its document changes exactly when a restart is due. */
export function restartHook(name: string, node: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-restart`,
    (args) => {
      const [from, to] = [args.oldInputs?.["stdin"], args.newInputs?.["stdin"]] as unknown[];
      if (typeof from === "string" && typeof to === "string" && from !== to) {
        void pulumi.log.info(`${node}: restarts`);
      }
    },
    { onDryRun: true },
  );
}
