import { parseStepCommand } from "../remote/stepCommand";

/** What will be different when the node is removed, by the commands of its removal; if anything. */
export function removalChange(from: unknown, to: unknown): string | undefined {
  const [before, after] = [isPurge(from), isPurge(to)];
  if (before === undefined || after === undefined || before === after) {
    return undefined;
  }
  return after
    ? "purge: its messages and logs go with it when it is removed"
    : "purge (unset): its messages and logs stay when it is removed";
}

function isPurge(command: unknown): boolean | undefined {
  const parsed = typeof command === "string" ? parseStepCommand(command) : undefined;
  return parsed?.verb.endsWith("-purge");
}
