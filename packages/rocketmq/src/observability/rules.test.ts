import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { alerts, anchors, ROOT, rules, series, text, unknownIn } from "./testing";

interface RuleTests {
  tests: {
    alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[];
    promql_expr_test?: { expr: string }[];
  }[];
}

interface PrometheusConfig {
  rule_files: string[];
  scrape_configs: {
    job_name: string;
    honor_labels: boolean;
    consul_sd_configs: { services: string[]; tags: string[] }[];
    relabel_configs: { source_labels: string[]; target_label: string }[];
  }[];
}

test("rules read only what the builtin exporter serves", () => {
  expect(rules.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
});

test("the check itself notices a series or a label that does not exist", () => {
  expect(unknownIn('rocketmq_group_diff{broker="a"} > rocketmq_group_difference')).toEqual([
    "rocketmq_group_diff{broker}",
    "rocketmq_group_difference",
  ]);
});

test.each(alerts)("$alert says how bad it is, what it means and where to read on", (rule) => {
  expect(rule.labels?.["severity"]).toMatch(/^(critical|warning)$/);
  expect(rule.annotations?.["summary"]).toContain("{{ $labels.cluster }}");
  expect(rule.annotations?.["description"]).toBeTruthy();
  const [file = "", anchor = ""] = rule.annotations?.["runbook_url"]?.split("#") ?? [];
  expect(anchor).toBe(rule.alert?.toLowerCase());
  expect(anchors(...file.split("/"))).toContain(anchor);
});

test("the runbook has no section of an alert that is gone", () => {
  const sections = anchors("docs", "alerts.md").filter((name) => name.startsWith("rocketmq"));
  expect(sections.sort()).toEqual(alerts.map(({ alert }) => alert?.toLowerCase() ?? "").sort());
});

test("each alert is tested both ways: it fires, and it does not", () => {
  const { tests } = load(text("prometheus", "rocketmq.rules.test.yml")) as RuleTests;
  const cases = tests.flatMap((one) => one.alert_rule_test ?? []);
  for (const { alert } of alerts) {
    const own = cases.filter(({ alertname }) => alertname === alert);
    expect({ alert, fires: own.some((one) => one.exp_alerts.length > 0) }).toEqual({
      alert,
      fires: true,
    });
    expect({ alert, silent: own.some((one) => one.exp_alerts.length === 0) }).toEqual({
      alert,
      silent: true,
    });
  }
  const names = alerts.map(({ alert }) => alert);
  expect(cases.filter(({ alertname }) => !names.includes(alertname))).toEqual([]);
});

test("the scrape configuration finds what the library registers", () => {
  const config = load(text("prometheus", "prometheus.yml")) as PrometheusConfig;
  expect(config.rule_files).toEqual(["rocketmq.rules.yml"]);
  const [job] = config.scrape_configs;
  // The rules name the job, and series keep the `cluster` that RocketMQ gave them.
  expect(job).toMatchObject({ job_name: "rocketmq", honor_labels: true });
  expect(job?.consul_sd_configs[0]).toMatchObject({
    services: ["rocketmq-exporter"],
    tags: ["prometheus"],
  });
  const meta = Object.fromEntries(
    (job?.relabel_configs ?? []).map((one) => [one.target_label, one.source_labels[0]]),
  );
  expect(meta).toEqual({
    __metrics_path__: "__meta_consul_service_metadata_metrics_path",
    cluster: "__meta_consul_service_metadata_cluster",
    env: "__meta_consul_service_metadata_env",
  });
});

test("the guide lists every series of the exporter, and no other", () => {
  const guide = fs.readFileSync(path.join(ROOT, "docs", "monitoring.md"), "utf8");
  // The series that Apache's exporter has and ours has not are below that heading.
  const [ours = ""] = guide.split("### Left out");
  const listed = [...ours.matchAll(/^\| `(rocketmq_\w+)` +\|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(series.map(({ name }) => name).sort());
});
