import { type BastionFigures, DESTROY_PARALLEL, type SizeFigures, type Timing } from "./measure";

const RUNS = [
  "preview",
  "deploy",
  "noChangePreview",
  "noChange",
  "changePreview",
  "destroy",
] as const;

const TITLES: Record<(typeof RUNS)[number], string> = {
  preview: "preview of a new cluster",
  deploy: "deploy (a step takes 50 ms)",
  noChangePreview: "preview, no change",
  noChange: "up, no change",
  changePreview: "preview of a key of every broker",
  destroy: "destroy",
};

/** The table that people read: a column a size, with how it grew from the size before. */
export function scaleTable(sizes: readonly SizeFigures[]): string {
  const cell = (text: string) => text.padStart(36);
  const row = (title: string, cells: string[]) => title.padEnd(36) + cells.map(cell).join("");
  return [
    row(
      "machines",
      sizes.map(({ machines }) => String(machines)),
    ),
    row(
      "resources",
      sizes.map(({ resources }) => String(resources)),
    ),
    ...RUNS.map((run) =>
      row(
        TITLES[run],
        sizes.map((size) => timing(size[run])),
      ),
    ),
  ].join("\n");
}

/** Seconds, those of a processor, the memory of all processes together, and SSH logins. */
function timing({ seconds, cpuSeconds, memory, logins }: Timing): string {
  const mib = Object.values(memory).reduce((sum, value) => sum + value, 0);
  return `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(0)} cpu) ${mib} MiB ${logins} ssh`;
}

export function bastionLines(found: BastionFigures): string {
  const line = (title: string, parallel: number, run: BastionFigures["deploy"]) =>
    `${found.machines} machines behind one bastion, ${title} --parallel ${parallel}: ` +
    `${run.seconds.toFixed(1)} s, ${run.connections} connections to it, ` +
    `at most ${run.most} not logged in at a time, ${run.dropped} dropped`;
  return [
    line("up", found.parallel, found.deploy),
    line("destroy", DESTROY_PARALLEL, found.destroy),
  ].join("\n");
}
