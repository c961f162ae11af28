import type { Command } from "./command";

/** The commands by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {};
