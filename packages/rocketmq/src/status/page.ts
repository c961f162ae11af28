import { consumersRemark, consumerState } from "./consumers";
import { provenance } from "./judge";
import { html, Markup } from "./markup";
import { picture } from "./picture";
import { SIGNS } from "./signs";
import { STYLE } from "./style";
import {
  type ClusterView,
  type Finding,
  type Health,
  type NodeView,
  type StackView,
  worst,
} from "./view";
import { bytes, count, percent, rate } from "./words";

/** A stack as one HTML page that needs nothing beside itself: no script, no font, no picture. */
export function statusPage({ stack, clusters }: StackView): string {
  const health = worst(clusters.map((cluster) => cluster.health));
  const [only] = clusters;
  const title = `${SIGNS[health]} ${clusters.length === 1 && only ? `${only.clusterName}: ${only.summary}` : stack}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>RocketMQ, stack ${stack}</h1>
          ${clusters.map((cluster, i) => section(cluster, `c${i}`))}
        </main>
      </body>
    </html> `.text;
}

function section(view: ClusterView, id: string): Markup {
  return html`<section aria-labelledby="${id}">
    <div class="banner ${view.health}" data-health="${view.health}">
      <h2 id="${id}">${SIGNS[view.health]} ${view.clusterName}: ${view.summary}</h2>
      <p>${provenance(view)}. This page does not renew itself.</p>
    </div>
    ${
      view.findings.length > 0
        ? html`<ul class="findings">
            ${view.findings.map(finding)}
          </ul>`
        : undefined
    }
    <h3>Topology</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Topology of ${view.clusterName}">
      ${picture(view, id)}
    </div>
    <h3>Name servers${view.exporter ? " and exporter" : ""}</h3>
    ${table(
      ["Name", "Machine", "Address", "Version", "State"],
      [...view.nameServers, ...(view.exporter ? [view.exporter] : [])].map(nodeRow),
    )}
    <h3>Brokers</h3>
    ${table(
      [
        "Broker",
        "Group",
        "Role",
        "Machine",
        "Address",
        "Version",
        "#Disk",
        "#Free",
        "#In/s",
        "#Out/s",
        "State",
      ],
      view.groups
        .flatMap(({ brokers }) => brokers)
        .map(
          (broker) =>
            html`<tr>
              <td>${broker.id}</td>
              <td>${broker.brokerName}</td>
              <td>${role(broker.role, broker.waitsForSlaves)}</td>
              <td>${broker.machine ?? "–"}</td>
              <td>${broker.address}</td>
              <td>${broker.version ?? "–"}</td>
              ${figure(broker.diskRatio, percent)}${figure(broker.diskFree, bytes)}${figure(broker.putTps, rate)}${figure(broker.getTps, rate)}
              ${stateCell(broker.health, broker.state)}
            </tr>`,
        ),
    )}
    <h3>Consumer groups</h3>
    ${consumers(view)}
  </section>`;
}

function finding({ level, subject, text, help }: Finding): Markup {
  const what = html`<strong>${SIGNS[level]} ${subject}</strong> <span class="said">${text}</span>`;
  return html`<li class="${level}">
    ${what}${help ? html`<p class="faint"><code>${help}</code></p>` : undefined}
  </li>`;
}

function consumers(view: ClusterView): Markup {
  const remark = consumersRemark(view);
  return html`${view.consumers.length === 0 ? undefined : consumerTable(view)}
  ${remark === undefined ? undefined : html`<p class="faint">${remark}</p>`}`;
}

function consumerTable({ consumers: all }: ClusterView): Markup {
  return table(
    ["Group", "Topic", "#Unread", "#Clients", "State"],
    all.map(
      (one) =>
        html`<tr>
          <td>${one.group}</td>
          <td>${one.topic}</td>
          <td class="number">${one.broadcasting ? "–" : count(one.unread)}</td>
          <td class="number">${count(one.clients)}</td>
          <td class="words${one.unread > 0 && one.clients === 0 ? " warn" : ""}">
            ${consumerState(one)}
          </td>
        </tr>`,
    ),
  );
}

function nodeRow(node: NodeView): Markup {
  return html`<tr>
    <td>${node.id}</td>
    <td>${node.machine ?? "–"}</td>
    <td>${node.address}</td>
    <td>${node.version ?? "–"}</td>
    ${stateCell(node.health, node.state)}
  </tr>`;
}

function role(name: string, waits: boolean | undefined): string {
  return waits ? `${name}, waits for slaves` : name;
}

function stateCell(health: Health, state: string): Markup {
  return html`<td class="words ${health}">${SIGNS[health]} ${state}</td>`;
}

function figure(value: number | undefined, words: (value: number) => string): Markup {
  return html`<td class="number">${value === undefined ? "–" : words(value)}</td>`;
}

/** A heading that begins with # is that of a column of numbers. */
function table(head: string[], rows: Markup[]): Markup {
  const cells = head.map((name) =>
    name.startsWith("#")
      ? html`<th scope="col" class="number">${name.slice(1)}</th>`
      : html`<th scope="col">${name}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${head[0]} table">
    <table>
      <thead>
        <tr>
          ${cells}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
