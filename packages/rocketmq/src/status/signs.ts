import type { Finding, Health } from "./view";

/** Beside every colour: who sees no colours, or a terminal without them, reads these. */
export const SIGNS: Record<Health | Finding["level"], string> = {
  ok: "✓",
  warn: "!",
  bad: "✗",
  unknown: "?",
  note: "·",
};
