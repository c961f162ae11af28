import type { LoadResult } from "../../client";

/** What one change of a running cluster cost. */
export interface ChangeFigures {
  change: string;
  /** From the beginning of `pulumi up` to its end. */
  seconds: number;
  /** Name servers and brokers that were started anew. */
  restarts: number;
  /** Of a group that came: seconds from the beginning of `pulumi up` to its first message. */
  firstMessage?: number;
  /** Of a group that came: SSH connections to the machines of those before it. */
  oldConnections?: number;
  load: Pick<
    LoadResult,
    | "sent"
    | "failed"
    | "lost"
    | "duplicates"
    | "longestConsumeGapMs"
    | "longestSendGapMs"
    | "errors"
  >;
}

/** What must be true of every change, in words where it is not. */
export function broken(figures: readonly ChangeFigures[]): string[] {
  return figures.flatMap(({ change, load, oldConnections = 0 }) => [
    ...(oldConnections > 0 ? [`${change}: ${oldConnections} connections to old machines`] : []),
    ...(load.lost > 0 ? [`${change}: ${load.lost} acknowledged messages were lost`] : []),
    ...(load.failed > 0 ? [`${change}: ${load.failed} sends failed: ${reasons(load.errors)}`] : []),
    ...(load.sent === 0 ? [`${change}: nothing was sent, so nothing was measured`] : []),
  ]);
}

function reasons(errors: Record<string, number>): string {
  return Object.entries(errors)
    .map(([error, count]) => `${count} x ${error}`)
    .join("; ");
}

const COLUMNS: readonly [title: string, of: (figures: ChangeFigures) => string][] = [
  ["seconds", ({ seconds }) => seconds.toFixed(1)],
  ["restarts", ({ restarts }) => String(restarts)],
  [
    "first message",
    ({ firstMessage }) => optional(firstMessage, (value) => `${value.toFixed(1)} s`),
  ],
  ["ssh to old", ({ oldConnections }) => optional(oldConnections, String)],
  ["sent", ({ load }) => String(load.sent)],
  ["failed", ({ load }) => String(load.failed)],
  ["lost", ({ load }) => String(load.lost)],
  ["again", ({ load }) => String(load.duplicates)],
  ["no receipt for", ({ load }) => `${(load.longestConsumeGapMs / 1000).toFixed(2)} s`],
  ["no send for", ({ load }) => `${(load.longestSendGapMs / 1000).toFixed(2)} s`],
];

function optional(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? "" : text(value);
}

/** The table that people read. */
export function table(figures: readonly ChangeFigures[]): string {
  const first = Math.max(...figures.map(({ change }) => change.length), 0);
  const line = (title: string, cells: readonly string[]) =>
    [title.padEnd(first), ...cells.map((cell) => cell.padStart(16))].join("");
  return [
    line(
      "",
      COLUMNS.map(([title]) => title),
    ),
    ...figures.map((each) =>
      line(
        each.change,
        COLUMNS.map(([, of]) => of(each)),
      ),
    ),
  ].join("\n");
}
