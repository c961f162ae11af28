import { type Box, type GroupPlace, layOut } from "./layout";
import { html, type Markup } from "./markup";
import { SIGNS } from "./signs";
import type { BrokerView, ClusterView, Health, NodeView } from "./view";
import { percent, plural, rate } from "./words";

/** The topology as SVG. What it shows is in the tables of the page as well. */
export function picture(view: ClusterView, id: string): Markup {
  const { nameServers, groups, exporter } = view;
  const layout = layOut(nameServers.length, exporter !== undefined, groups);
  const { serverFrame } = layout;
  return html`<svg
    viewBox="0 0 ${layout.width} ${layout.height}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">Topology of cluster ${view.clusterName}: ${view.summary}</title>
    <desc id="${id}-desc">${description(view)}</desc>
    ${layout.rails.map((rail, i) => wires(rail, i, serverFrame))}
    <rect class="frame" ${box(serverFrame)} rx="8" />
    <text class="name" x="${serverFrame.x + 14}" y="${serverFrame.y + 26}">
      ${plural(nameServers.length, "name server")}
    </text>
    ${nameServers.map((node, i) => nodeBox(node, layout.servers[i] as Box))}
    ${exporter && layout.exporter ? exporterBox(exporter, layout.exporter, serverFrame) : undefined}
    ${layout.groups.map(groupBox)}
  </svg>`;
}

/** The picture in sentences. */
export function description({ nameServers, groups, exporter }: ClusterView): string {
  return [
    ...nameServers.map(({ id, state }) => `Name server ${id}: ${state}.`),
    ...groups.flatMap(({ brokerName, state, brokers }) => [
      `Group ${brokerName}: ${state}.`,
      ...brokers.map((broker) => `${broker.role} ${broker.id}: ${broker.state}.`),
    ]),
    ...(exporter ? [`Exporter: ${exporter.state}.`] : []),
  ].join(" ");
}

function wires(
  rail: { y: number; from: number; to: number; drops: number[] },
  row: number,
  frame: Box,
): Markup {
  const bottom = frame.y + frame.height;
  const start =
    row === 0
      ? `M${rail.drops[0]} ${bottom} V${rail.y}`
      : `M${frame.x} ${frame.y + 20} H${rail.from} V${rail.y} H${rail.drops[0]}`;
  const path = `${start} H${rail.to} ${rail.drops.map((x) => `M${x} ${rail.y} v17`).join(" ")}`;
  return html`<path class="wire" d="${path}" />`;
}

function nodeBox(node: NodeView, at: Box): Markup {
  return html`<g>
    <title>${node.role} ${node.id}: ${node.state}</title>
    <rect class="box ${node.health}" ${box(at)} rx="6" />
    <text class="name" x="${at.x + 12}" y="${at.y + 23}">${fit(node.id, at.width, 8)}</text>
    <text class="small" x="${at.x + 12}" y="${at.y + 41}">${fit(where(node), at.width, 6.3)}</text>
    ${stateText(node.health, node.state, at, 60)}
  </g>`;
}

function exporterBox(node: NodeView, at: Box, frame: Box): Markup {
  const y = at.y + at.height / 2;
  return html`<path class="wire" d="M${frame.x + frame.width} ${y} H${at.x}" />
    <text class="name" x="${at.x}" y="${frame.y + 26}">metrics</text>
    ${nodeBox(node, at)}`;
}

function groupBox({ item, brokers, ...at }: GroupPlace): Markup {
  const copies = item.brokers.flatMap((broker, i) => {
    const from = brokers[i - 1];
    return from && broker.role === "slave" ? [copyArrow(broker, from)] : [];
  });
  return html`<g>
    <rect class="frame ${item.health}" ${box(at)} rx="8" />
    <text class="name" x="${at.x + 14}" y="${at.y + 22}"
      >${fit(`group ${item.brokerName}`, at.width, 8)}</text
    >
    <text
      class="${item.health === "ok" ? "small" : `small ${item.health}`}"
      x="${at.x + 14}"
      y="${at.y + 40}"
      >${fit(item.state, at.width, 6.3)}</text
    >
    ${copies} ${item.brokers.map((broker, i) => brokerBox(broker, brokers[i] as Box))}
  </g>`;
}

/** From a broker down to the slave below it. */
function copyArrow({ health, state }: BrokerView, from: Box): Markup {
  const x = from.x + 30;
  const y = from.y + from.height;
  return html`<path class="copy ${health}" d="M${x} ${y} v28 m-5 -7 l5 7 l5 -7" />
    <text class="small" x="${x + 14}" y="${y + 21}"
      >${fit(health === "ok" ? `copies: ${state}` : "should copy", from.width - 44, 6.3)}</text
    >`;
}

function brokerBox(broker: BrokerView, at: Box): Markup {
  const { id, role, waitsForSlaves, diskRatio, putTps, getTps, version } = broker;
  const kind = role === "master" && waitsForSlaves ? "master, waits for slaves" : role;
  const figures = [
    ...(diskRatio === undefined ? [] : [`disk ${percent(diskRatio)}`]),
    ...(putTps === undefined || role === "slave" ? [] : [`in ${rate(putTps)}/s`]),
    ...(getTps === undefined || role === "slave" ? [] : [`out ${rate(getTps)}/s`]),
  ];
  return html`<g>
    <title>${role} ${id}: ${broker.state}</title>
    <rect class="box ${broker.health}" ${box(at)} rx="6" />
    <text class="name" x="${at.x + 12}" y="${at.y + 23}">${fit(`${id}`, at.width, 8)}</text>
    <text class="small" x="${at.x + at.width - 12}" y="${at.y + 23}" text-anchor="end"
      >${id.length * 8 + kind.length * 6.3 + 40 < at.width ? kind : role}</text
    >
    <text class="small" x="${at.x + 12}" y="${at.y + 41}"
      >${fit(where({ ...broker, version }), at.width, 6.3)}</text
    >
    <text class="small" x="${at.x + 12}" y="${at.y + 58}">${figures.join(" · ")}</text>
    ${stateText(broker.health, broker.state, at, 80)}
  </g>`;
}

function stateText(health: Health, state: string, at: Box, dy: number): Markup {
  return html`<text class="state ${health}" x="${at.x + 12}" y="${at.y + dy}"
    >${SIGNS[health]} ${fit(state, at.width - 16, 7.2)}</text
  >`;
}

function where({ machine, address, version }: NodeView): string {
  return [machine, address, version].filter(Boolean).join(" · ");
}

/** As much of a text as a box has room for, at the mean width of a letter. */
function fit(text: string, width: number, letter: number): string {
  const room = Math.floor((width - 20) / letter);
  return text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`;
}

function box({ x, y, width, height }: Box): Markup {
  return html`x="${x}" y="${y}" width="${width}" height="${height}"`;
}
