import type { ResultDocument } from "../remote/documents";

/**
 * What is wrong where a node's first step staged a restart and no rollout followed it; nothing
 * where all is well. Pulumi runs a rollout by what its state says, and that is wrong where an update
 * was killed during one: the host ended it alone, the state has what was before, and a change that
 * is taken back then is no change to Pulumi.
 *
 * @param stdout the result of the first step, maybe of an earlier update
 * @param ran which steps this update has run
 */
export function leftStaged(
  slot: string,
  stdout: string | undefined,
  ran: { config: boolean; rollout: boolean },
): string | undefined {
  if (!ran.config || ran.rollout) {
    return undefined;
  }
  const staged = stagedOf(stdout);
  return staged === undefined
    ? undefined
    : `${slot} does not run as the program says (${staged}), and this update restarts nothing: an update that was cut off has restarted it, which Pulumi does not know. Give reconcile a new value and run pulumi up again: that restarts what differs.`;
}

/** What a first step staged, as the agent tells it. */
function stagedOf(stdout: string | undefined): string | undefined {
  try {
    return (JSON.parse(stdout ?? "") as ResultDocument).facts["staged"];
  } catch {
    // No result: mocks, or a step that failed, which is told already.
    return undefined;
  }
}
