/** The figures of a benchmark, in seconds. */
export interface Figures {
  /** Bare shell scripts until every broker is registered with every name server. */
  floor: number[];
  /** `pulumi up` from nothing until the same. */
  fresh: number[];
  /** The same `pulumi up` until it ends: the exporter, Consul and the last checks too. */
  freshEnd: number[];
  /** `pulumi up` with nothing to do. */
  noChange: number[];
  /** `pulumi up` of a program without a resource, as `pulumi new javascript` makes it. */
  empty: number[];
  /** `pulumi up` of an empty file, which does not even load the SDK: the engine's own start. */
  engine: number[];
  /** SSH connections that the hosts accepted in all runs with nothing to do. */
  connections: number;
}

/** How the figures stand to what is aimed at. */
export interface Verdict {
  floor: number;
  fresh: number;
  freshEnd: number;
  noChange: number;
  empty: number;
  engine: number;
  connections: number;
  /** (fresh - engine's own start) / floor; at most 1.5. */
  freshRatio: number;
  /** noChange / empty; at most 1.3. */
  noChangeRatio: number;
  met: { fresh: boolean; noChange: boolean; connections: boolean };
}

export const AIMS = { freshRatio: 1.5, noChangeRatio: 1.3 } as const;

export function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? NaN) + upper) / 2;
}

/** Medians, ratios, and whether the aims are met. */
export function judge(figures: Figures): Verdict {
  const of = {
    floor: median(figures.floor),
    fresh: median(figures.fresh),
    freshEnd: median(figures.freshEnd),
    noChange: median(figures.noChange),
    empty: median(figures.empty),
    engine: median(figures.engine),
  };
  const freshRatio = (of.fresh - of.engine) / of.floor;
  const noChangeRatio = of.noChange / of.empty;
  return {
    ...of,
    connections: figures.connections,
    freshRatio,
    noChangeRatio,
    met: {
      fresh: freshRatio <= AIMS.freshRatio,
      noChange: noChangeRatio <= AIMS.noChangeRatio,
      connections: figures.connections === 0,
    },
  };
}

/** The table that people read. */
export function table(figures: Figures): string {
  const verdict = judge(figures);
  const row = (title: string, median: number, all: readonly number[]) =>
    `${title.padEnd(56)}${median.toFixed(2).padStart(8)} s` +
    (all.length > 1 ? `   of ${all.map((value) => value.toFixed(2)).join(", ")}` : "");
  const aim = (title: string, value: string, wanted: string, met: boolean) =>
    `${title.padEnd(56)}${value.padStart(8)}     aim ${wanted}: ${met ? "met" : "NOT met"}`;
  return [
    row("bare floor, until every broker is registered", verdict.floor, figures.floor),
    row("fresh deploy, until every broker is registered", verdict.fresh, figures.fresh),
    row("fresh deploy, until pulumi up ends", verdict.freshEnd, figures.freshEnd),
    row("no change", verdict.noChange, figures.noChange),
    row("empty program", verdict.empty, figures.empty),
    row("engine's own start (a program that loads no SDK)", verdict.engine, figures.engine),
    "",
    aim(
      "(fresh - engine's own start) / floor",
      verdict.freshRatio.toFixed(2),
      `<= ${AIMS.freshRatio}`,
      verdict.met.fresh,
    ),
    aim(
      "no change / empty program",
      verdict.noChangeRatio.toFixed(2),
      `<= ${AIMS.noChangeRatio}`,
      verdict.met.noChange,
    ),
    aim(
      "SSH connections of runs with no change",
      String(verdict.connections),
      "0",
      verdict.met.connections,
    ),
  ].join("\n");
}
