import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";

/** Where rules, scrape configuration and dashboards are. */
export const OBSERVABILITY = path.join(
  __dirname,
  ...["..", "..", "..", "rocketmq", "observability"],
);

interface RuleFile {
  groups: { name: string; rules: { alert?: string; expr: string; for?: string }[] }[];
}

interface Config {
  global: Record<string, string>;
  rule_files: string[];
  scrape_configs: { consul_sd_configs: { server: string }[] }[];
}

/** What takes minutes in the rules, and for how long a test waits instead. */
const SHORTENED = {
  // The window in which a backlog has to grow.
  "[10m]": "[20s]",
  // For how long a peak of waiting sends is remembered.
  "[2m]": "[20s]",
  // How old an unread message may be.
  "15 * 60 * 1000": "15 * 1000",
  // For how long dead letters are new.
  "offset 30m": "offset 30s",
};

/**
 * The rules, with everything that waits for minutes waiting for seconds. How much is too much stays:
 * bytes, messages, shares of a disk.
 */
export function impatientRules(): string {
  const file = path.join(OBSERVABILITY, "prometheus", "rocketmq.rules.yml");
  const rules = load(fs.readFileSync(file, "utf8")) as RuleFile;
  for (const rule of rules.groups.flatMap((group) => group.rules)) {
    if (rule.for !== undefined) {
      rule.for = "4s";
    }
    for (const [long, short] of Object.entries(SHORTENED)) {
      rule.expr = rule.expr.replaceAll(long, short);
    }
  }
  return JSON.stringify(rules);
}

/** Where Prometheus finds Consul, and how it is let in. */
export interface Discovery {
  /** `host:port` */
  server: string;
  /** With these two it is asked by HTTPS; the files may be named relative to the configuration. */
  caFile?: string;
  tokenFile?: string;
}

/** The names of all alerts. */
export function alertNames(): string[] {
  const file = path.join(OBSERVABILITY, "prometheus", "rocketmq.rules.yml");
  const { groups } = load(fs.readFileSync(file, "utf8")) as RuleFile;
  return groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
}

/** The scrape configuration as it is documented, for a Consul of this machine, and with more haste. */
export function localConfig({ server, caFile, tokenFile }: Discovery, rulesFile: string): string {
  const file = path.join(OBSERVABILITY, "prometheus", "prometheus.yml");
  const config = load(asDocumented(fs.readFileSync(file, "utf8"), caFile, tokenFile)) as Config;
  config.global = { scrape_interval: "2s", scrape_timeout: "2s", evaluation_interval: "2s" };
  config.rule_files = [rulesFile];
  for (const discovery of config.scrape_configs.flatMap((job) => job.consul_sd_configs)) {
    discovery.server = server;
  }
  return JSON.stringify(config);
}

/** The lines for TLS and ACLs are comments there: the user takes the sign away, and so is done here. */
function asDocumented(text: string, caFile?: string, tokenFile?: string): string {
  return caFile === undefined || tokenFile === undefined
    ? text
    : text
        .replace(/# (?=(scheme|tls_config|authorization): )/g, "")
        .replaceAll("/etc/prometheus/consul-ca.pem", caFile)
        .replaceAll("/etc/prometheus/consul-token", tokenFile);
}

/** Every query of every dashboard, with the variables set to all. */
export function dashboardQueries(): { dashboard: string; title: string; expr: string }[] {
  const folder = path.join(OBSERVABILITY, "grafana");
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((dashboard) => {
      const { panels } = JSON.parse(fs.readFileSync(path.join(folder, dashboard), "utf8")) as {
        panels: { title: string; targets?: { expr: string }[] }[];
      };
      return panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr }) => ({
          dashboard,
          title,
          expr: expr.replaceAll("$__rate_interval", "1m").replace(/\$[a-z]+/g, ".*"),
        })),
      );
    });
}
