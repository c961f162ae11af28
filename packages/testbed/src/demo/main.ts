import { say } from "../progress";
import { down } from "./down";
import { up } from "./up";

const commands: Record<string, () => Promise<void>> = { up, down };
const command = commands[process.argv[2] ?? ""];
if (!command) {
  say("usage: main.js up|down");
  process.exit(2);
}
command().catch((error: unknown) => {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
