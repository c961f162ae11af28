import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";

/** A series that the builtin exporter serves. */
export interface Series {
  name: string;
  kind: string;
  labels: string[];
  help: string;
}

/** One rule of the rules file: it has a name of either kind. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string; refId: string; datasource: { uid: string } }[];
  fieldConfig?: { defaults: { unit?: string } };
}

export interface Dashboard {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
}

export const ROOT = path.join(__dirname, "..", "..", "..", "..");
export const FOLDER = path.join(ROOT, "packages", "rocketmq", "observability");

export function text(...names: string[]): string {
  return fs.readFileSync(path.join(FOLDER, ...names), "utf8");
}

export const series = JSON.parse(text("series.json")) as Series[];

export const rules = (
  load(text("prometheus", "rocketmq.rules.yml")) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);

export const alerts = rules.filter((rule) => rule.alert !== undefined);

export const dashboards = Object.fromEntries(
  fs
    .readdirSync(path.join(FOLDER, "grafana"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name, JSON.parse(text("grafana", name)) as Dashboard]),
);

/** The anchors of a Markdown file's headings, as GitHub makes them of plain words. */
export function anchors(...names: string[]): string[] {
  const markdown = fs.readFileSync(path.join(ROOT, ...names), "utf8");
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replace(/ /g, "-"),
  );
}

// Labels that a scraped series has besides its own, by prometheus.yml.
const OF_THE_TARGET = ["env", "cluster", "instance", "job"];

/** Series that an expression reads and nobody writes, and labels of theirs that they do not have. */
export function unknownIn(expr: string): string[] {
  const known = new Map(series.map(({ name, labels }) => [name, [...labels, ...OF_THE_TARGET]]));
  for (const { record, expr: source } of rules) {
    if (record !== undefined) {
      known.set(record, /by \(([^)]*)\)/.exec(source)?.[1]?.split(/,\s*/) ?? []);
    }
  }
  known.set("up", OF_THE_TARGET);
  known.set("ALERTS", [...OF_THE_TARGET, "alertname", "alertstate"]);
  return [...expr.matchAll(/\b((?:rocketmq[\w:]*)|up|ALERTS)\b(?:\{([^}]*)\})?/g)]
    .filter(([, name, matchers]) => !(name === "rocketmq" && matchers === undefined))
    .flatMap(([, name = "", matchers = ""]) => {
      const labels = known.get(name);
      if (labels === undefined) {
        return [name];
      }
      return [...matchers.matchAll(/(\w+)\s*(?:=|!=|=~|!~)\s*"/g)]
        .map(([, label = ""]) => label)
        .filter((label) => !labels.includes(label))
        .map((label) => `${name}{${label}}`);
    });
}
