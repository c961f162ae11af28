import { AGENT_REMOTE_PATH } from "./agentFile";
import { ExitCode } from "./documents";

/**
 * The line that runs a verb. Constant for a host, so that the diff of a step is its document
 * alone, and short, because the provider begins every error with it: what the agent says shall be
 * the first thing that a person reads. (Of an agent that is not there, `sshHook` tells.)
 */
export function stepCommand(verb: string, sudo: boolean): string {
  return `sh ${AGENT_REMOTE_PATH} ${sudo ? "" : "--no-sudo "}${verb}`;
}

/** The line of a removal: when it runs, no program is there that could explain a missing agent. */
export function deleteCommand(verb: string, sudo: boolean): string {
  const remedy = `no agent here (machine rebuilt?): pulumi up --replace "**-agent"`;
  return `[ -e ${AGENT_REMOTE_PATH} ] || { echo '${remedy}' >&2; exit ${ExitCode.AgentMissing}; }; exec ${stepCommand(verb, sudo)}`;
}

/** What a line of `stepCommand`, of this release or an earlier one, runs; nothing for any other. */
export function parseStepCommand(line: string): { verb: string; sudo: boolean } | undefined {
  const match = /(?:^|exec )sh \.rocketmq-agent (--no-sudo )?([a-z-]+)$/.exec(line);
  return match ? { verb: match[2] ?? "", sudo: match[1] === undefined } : undefined;
}
