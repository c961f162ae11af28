import * as pulumi from "@pulumi/pulumi";
import { hooksSupported, plain } from "../remote/hooks";
import { removalChange } from "./removalChange";
import {
  judge,
  judgeFirst,
  judgeRollout,
  type RolloutSituation,
  veiled,
  type Verdict,
} from "./explain";

/**
 * Told in a preview and before an update of a node's first step: what each change costs. What would
 * lose data is refused. To be called in the constructor of the component and with its name: a hook
 * made at module level breaks every program that uses the library as a component package.
 *
 * @param told what was told of the cluster by the hooks of other nodes
 * @param stays machines that it is refused to leave; in a preview alone, as it has left when an
 * update comes here
 */
export function explainHook(
  name: string,
  node: string,
  { told, stays }: { told?: Set<string>; stays?: ReadonlySet<string> } = {},
): pulumi.ResourceHookBinding {
  return {
    ...beforeUpdate(
      `${name}-explain`,
      (from, to) => {
        const removal = removalChange(from["delete"], to["delete"]);
        const kept = pulumi.runtime.isDryRun() ? stays : undefined;
        return judge(node, from["stdin"], to["stdin"], removal, kept);
      },
      told,
    ),
    ...beforeCreate(`${name}-adopt`, (stdin) =>
      judgeFirst(node, stdin).forEach((line) => void pulumi.log.info(line)),
    ),
  };
}

/** Told of a rollout: whether a restart is due, and whether anybody will notice it. */
export function restartHook(
  name: string,
  node: string,
  situation: RolloutSituation = { alone: false },
): pulumi.ResourceHookBinding {
  return beforeUpdate(`${name}-restart`, (from, to) =>
    judgeRollout(node, from["stdin"], to["stdin"], situation),
  );
}

/** Told when a group begins to be taken out: what the update will wait for. */
export function waitHook(name: string, node: string, seconds: number): pulumi.ResourceHookBinding {
  if (!hooksSupported()) {
    return {};
  }
  const limit = seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
  const hook = new pulumi.ResourceHook(
    `${name}-wait`,
    () =>
      void pulumi.log.info(
        `${node}: waits, at most ${limit}, until all that its group holds was read`,
      ),
    { onDryRun: true },
  );
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}

function tell({ lines, warnings, refusals, cluster }: Verdict, told = new Set<string>()): void {
  if (refusals.length > 0) {
    throw new Error(refusals.join("\n"));
  }
  const news = (cluster ?? []).filter((line) => !told.has(line));
  news.forEach((line) => told.add(line));
  [...news, ...lines].forEach((line) => void pulumi.log.info(line));
  warnings.forEach((line) => void pulumi.log.warn(line));
}

type Inputs = Record<string, unknown>;
type Look = (from: Inputs, to: Inputs) => Verdict;

/** What is to be said of a change; one secret in a document makes all of it one. */
export async function verdictOf(
  look: Look,
  oldInputs: Inputs = {},
  newInputs: Inputs = {},
): Promise<Verdict> {
  const from = { ...oldInputs, stdin: await plain(oldInputs["stdin"]) };
  const to = { ...newInputs, stdin: await plain(newInputs["stdin"]) };
  const verdict = look(from, to);
  const isSecret = from.stdin !== oldInputs["stdin"] || to.stdin !== newInputs["stdin"];
  return isSecret ? veiled(verdict, from.stdin, to.stdin) : verdict;
}

function beforeUpdate(name: string, look: Look, told?: Set<string>): pulumi.ResourceHookBinding {
  if (!hooksSupported()) {
    return {};
  }
  const hook = new pulumi.ResourceHook(
    name,
    async ({ oldInputs, newInputs }) => tell(await verdictOf(look, oldInputs, newInputs), told),
    { onDryRun: true },
  );
  return { beforeUpdate: [hook] };
}

function beforeCreate(name: string, look: (stdin: unknown) => void): pulumi.ResourceHookBinding {
  if (!hooksSupported()) {
    return {};
  }
  const hook = new pulumi.ResourceHook(
    name,
    async ({ newInputs }) => look(await plain(newInputs?.["stdin"])),
    { onDryRun: true },
  );
  return { beforeCreate: [hook] };
}
