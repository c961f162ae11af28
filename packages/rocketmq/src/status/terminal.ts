import { provenance } from "./judge";
import { consumersRemark, consumerState } from "./consumers";
import { SIGNS } from "./signs";
import type { BrokerView, ClusterView, Health, NodeView } from "./view";
import { count, percent, plural, rate } from "./words";

export interface TerminalOptions {
  /** ANSI colours. */
  colour: boolean;
  /** Rows of consumer groups; the rest is counted. */
  consumers?: number;
}

const COLOURS: Record<Health | "note", number> = {
  ok: 32,
  warn: 33,
  bad: 31,
  unknown: 35,
  note: 36,
};
const CONSUMERS = 20;

/** A cluster as lines of text: what is wrong first. */
export function terminalLines(view: ClusterView, options: TerminalOptions): string[] {
  const paint = (kind: Health | "note", text: string) =>
    options.colour ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text;
  const row = (health: Health, cells: string) =>
    `${paint(health, SIGNS[health])} ${health === "ok" ? cells : paint(health, cells)}`;
  const rows = (nodes: { health: Health }[], lines: string[]) =>
    lines.map((line, i) => {
      const node = i === 0 ? undefined : nodes[i - 1];
      return node ? row(node.health, line) : `  ${line}`;
    });
  const { nameServers, groups, exporter, findings } = view;
  const brokers = groups.flatMap((group) => group.brokers);
  return [
    `${paint(view.health, `${SIGNS[view.health]} ${view.clusterName}: ${view.summary}`)} (${provenance(view)})`,
    ...findings.flatMap(({ level, subject, text, help }) => [
      `  ${paint(level, SIGNS[level])} ${subject}: ${text}`,
      ...(help ? [`      ${help}`] : []),
    ]),
    "",
    ...rows(nameServers, table([NODE_HEAD, ...nameServers.map(nodeCells)])),
    "",
    ...rows(brokers, table([BROKER_HEAD, ...brokers.map(brokerCells)])),
    ...(exporter
      ? ["", ...rows([exporter], table([["EXPORTER", ...NODE_HEAD.slice(1)], nodeCells(exporter)]))]
      : []),
    ...consumerLines(view, options.consumers ?? CONSUMERS),
  ].map((line) => line.trimEnd());
}

const NODE_HEAD = ["NAME SERVER", "MACHINE", "ADDRESS", "VERSION", "STATE"];
const BROKER_HEAD = [
  "BROKER",
  "GROUP",
  "ROLE",
  "MACHINE",
  "ADDRESS",
  "VERSION",
  "DISK",
  "IN/S",
  "OUT/S",
  "STATE",
];

function nodeCells({ id, machine, address, version, state }: NodeView): string[] {
  return [id, machine ?? "-", address, version ?? "-", state];
}

function brokerCells(broker: BrokerView): string[] {
  const { id, brokerName, role, machine, address, version, diskRatio, putTps, getTps } = broker;
  return [
    id,
    brokerName,
    role,
    machine ?? "-",
    address,
    version ?? "-",
    diskRatio === undefined ? "-" : percent(diskRatio),
    putTps === undefined ? "-" : rate(putTps),
    getTps === undefined ? "-" : rate(getTps),
    broker.state,
  ];
}

function consumerLines(view: ClusterView, limit: number): string[] {
  const { consumers } = view;
  const remark = consumersRemark(view);
  const said = remark === undefined ? [] : ["", `  ${remark}`];
  if (consumers.length === 0) {
    return said;
  }
  const rest = consumers.length - limit;
  return [
    "",
    ...table([
      ["CONSUMER GROUP", "TOPIC", "UNREAD", "CLIENTS", "STATE"],
      ...consumers
        .slice(0, limit)
        .map((one) => [
          one.group,
          one.topic,
          one.broadcasting ? "-" : count(one.unread),
          count(one.clients),
          consumerState(one),
        ]),
    ]).map((line) => `  ${line}`),
    ...(rest > 0
      ? [`  and ${plural(rest, "row")} with no more unread than these (--json has all)`]
      : []),
    ...said,
  ];
}

/** Columns of equal width. */
function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
}
