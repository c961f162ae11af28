import type { Command } from "./command";
import { drift } from "./drift";
import { status } from "./status";

/** The commands by name. */
export const COMMANDS: Readonly<Record<string, Command>> = { drift, status };
