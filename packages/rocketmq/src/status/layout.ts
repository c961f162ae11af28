import type { GroupView } from "./view";

/** Where things are in the picture, in its own units (about a pixel at full width). */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed<T> extends Box {
  item: T;
}

export interface GroupPlace extends Placed<GroupView> {
  /** One for each broker, in the group's order. */
  brokers: Box[];
}

export interface Layout {
  width: number;
  height: number;
  /** Boxes of the name servers. */
  servers: Box[];
  /** Frame around the name servers. */
  serverFrame: Box;
  exporter?: Box;
  groups: GroupPlace[];
  /** Where the wire to a row of groups runs: one for each row. */
  rails: { y: number; from: number; to: number; drops: number[] }[];
}

const WIDTH = 1080;
const MARGIN = 28;
const GAP = 20;
const COLUMNS = 3;
const SERVER_HEIGHT = 72;
const BROKER_HEIGHT = 94;
const HEAD = 52;
const RAIL = 34;
const COPY = 34;

/** Name servers and the exporter on top, groups in rows of three below; pure arithmetic. */
export function layOut(servers: number, exporter: boolean, groups: GroupView[]): Layout {
  const column = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  const inside = column - 24;
  const cells = gridOf(servers, exporter ? 2 : COLUMNS);
  const serverFrame = {
    x: MARGIN,
    y: MARGIN,
    width: exporter ? 2 * column + GAP : WIDTH - 2 * MARGIN,
    height: 40 + cells.rows * (SERVER_HEIGHT + 12),
  };
  const serverWidth = (serverFrame.width - 12) / cells.columns - 12;
  const boxes = Array.from({ length: servers }, (_, i) => ({
    x: serverFrame.x + 12 + (i % cells.columns) * (serverWidth + 12),
    y: serverFrame.y + 40 + Math.floor(i / cells.columns) * (SERVER_HEIGHT + 12),
    width: serverWidth,
    height: SERVER_HEIGHT,
  }));
  const placed: GroupPlace[] = [];
  const rails: Layout["rails"] = [];
  let y = serverFrame.y + serverFrame.height;
  for (let first = 0; first < groups.length; first += COLUMNS) {
    const row = groups.slice(first, first + COLUMNS);
    const top = y + RAIL;
    const height = Math.max(...row.map((group) => heightOf(group)));
    const drops: number[] = [];
    row.forEach((item, i) => {
      const x = MARGIN + i * (column + GAP);
      drops.push(x + column / 2);
      const brokers = item.brokers.map((_, n) => ({
        x: x + 12,
        y: top + HEAD + n * (BROKER_HEIGHT + COPY),
        width: inside,
        height: BROKER_HEIGHT,
      }));
      placed.push({ item, x, y: top, width: column, height, brokers });
    });
    rails.push({ y: y + RAIL / 2, from: MARGIN / 2, to: drops[drops.length - 1] ?? 0, drops });
    y = top + height;
  }
  return {
    width: WIDTH,
    height: y + MARGIN,
    servers: boxes,
    serverFrame,
    ...(exporter
      ? {
          exporter: {
            x: MARGIN + 2 * (column + GAP) + 12,
            y: serverFrame.y + 40,
            width: inside,
            height: SERVER_HEIGHT,
          },
        }
      : {}),
    groups: placed,
    rails,
  };
}

function gridOf(items: number, columns: number): { columns: number; rows: number } {
  const used = Math.max(1, Math.min(items, columns));
  return { columns: used, rows: Math.max(1, Math.ceil(items / used)) };
}

function heightOf({ brokers }: GroupView): number {
  return HEAD + brokers.length * (BROKER_HEIGHT + COPY) - COPY + 12;
}
