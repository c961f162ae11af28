import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { dashboards, FOLDER, unknownIn } from "./testing";

const each = Object.entries(dashboards);

test("the files are what their sources make", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.join(FOLDER, "grafana", "build.mjs"), "--check"],
    { encoding: "utf8" },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("there are three, and Grafana can tell them apart", () => {
  expect(Object.keys(dashboards)).toEqual(["broker.json", "consumers.json", "overview.json"]);
  expect(new Set(each.map(([, { uid }]) => uid)).size).toBe(3);
  expect(new Set(each.map(([, { title }]) => title)).size).toBe(3);
});

describe.each(each)("%s", (_name, { panels, schemaVersion, templating }) => {
  const shown = panels.filter(({ type }) => type !== "row");

  test("reads only what the builtin exporter serves", () => {
    const expressions = shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const queries = templating.list.flatMap(({ definition = "" }) => definition);
    expect([...expressions, ...queries].flatMap(unknownIn)).toEqual([]);
  });

  test("asks the chosen data source, environment and cluster", () => {
    const names = templating.list.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["datasource", "environment", "cluster"]);
    for (const { title, datasource, targets = [] } of shown) {
      expect(targets.length).toBeGreaterThan(0);
      expect(datasource?.uid).toBe("${datasource}");
      for (const target of targets) {
        expect(target.datasource.uid).toBe("${datasource}");
        expect({ title, expr: target.expr }).toEqual({
          title,
          expr: expect.stringMatching(/env=~"\$environment", cluster=~"\$cluster"/) as string,
        });
      }
    }
  });

  test("uses every variable that it offers, and no other", () => {
    const used = new Set(
      [...JSON.stringify(panels).matchAll(/\$\{?([a-z]\w*)\}?/g)].map(([, name]) => name),
    );
    expect([...used].sort()).toEqual(templating.list.map(({ name }) => name).sort());
  });

  test("panels have a number of their own, a unit, and a word for what they show", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, description, fieldConfig } of shown) {
      expect({ title, description, unit: fieldConfig?.defaults.unit }).toEqual({
        title,
        description: expect.stringMatching(/\.$/) as string,
        unit: expect.stringMatching(/./) as string,
      });
    }
    expect(schemaVersion).toBeGreaterThanOrEqual(39);
  });

  test("panels do not lie on each other, nor beyond the page", () => {
    panels.forEach(({ gridPos: a, title }, i) => {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const { gridPos: b, title: other } of panels.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect({ title, other, apart }).toEqual({ title, other, apart: true });
      }
    });
  });
});
