import * as path from "node:path";

/**
 * Where the agent is on a host: in the home directory of the SSH user, because SFTP has no sudo
 * and /tmp may be cleaned or mounted noexec. A constant path: a new agent must not look like a
 * change of every step.
 */
export const AGENT_REMOTE_PATH = ".rocketmq-agent";

/** The agent as it ships in this package, one file for every host. */
export function agentFile(): string {
  return path.join(__dirname, "..", "agent", "rocketmq-agent");
}
