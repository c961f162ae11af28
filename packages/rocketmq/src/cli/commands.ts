import type { Command } from "./command";
import { status } from "./status";

/** The commands by name. */
export const COMMANDS: Readonly<Record<string, Command>> = { status };
