/** What the dashboards are put together from: variables, panels, and their places on the page. */

export const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

/** Selects the series of the environment and cluster that are chosen at the top. */
export const CLUSTER = 'env=~"$environment", cluster=~"$cluster"';

/** A variable of the label's values; `.*` for all, which also matches series without the label. */
export function variable(name, title, label, series, options = {}) {
  const query = `label_values(${series}, ${label})`;
  return {
    name,
    label: title,
    type: "query",
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { selected: true, text: ["All"], value: ["$__all"] },
    ...options,
  };
}

/** Those that every dashboard begins with. */
export const COMMON_VARIABLES = [
  {
    name: "datasource",
    label: "Data source",
    type: "datasource",
    query: "prometheus",
    current: {},
    hide: 0,
  },
  variable("environment", "Environment", "env", "rocketmq_exporter_collections_total"),
  variable(
    "cluster",
    "Cluster",
    "cluster",
    'rocketmq_exporter_collections_total{env=~"$environment"}',
  ),
];

function panel(type, title, unit, queries, options) {
  const { description = "", width, height, fieldConfig = {}, ...rest } = options;
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    size: { w: width, h: height },
    targets: queries.map(([expr, legendFormat, extra = {}], i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...extra,
    })),
    ...rest,
    fieldConfig: { defaults: { unit, ...fieldConfig }, overrides: rest.overrides ?? [] },
    overrides: undefined,
  };
}

/** Colours from these values on, the first one below all of them. */
export function thresholds(base, ...steps) {
  return {
    color: { mode: "thresholds" },
    thresholds: {
      mode: "absolute",
      steps: [{ color: base, value: null }, ...steps.map(([value, color]) => ({ color, value }))],
    },
  };
}

/** A number. */
export function stat(title, unit, expr, description, fieldConfig = {}, options = {}) {
  return panel("stat", title, unit, [[expr, "", { instant: true }]], {
    description,
    width: options.width ?? 4,
    height: 4,
    fieldConfig: { noValue: "-", ...fieldConfig },
    options: {
      reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
      colorMode: "value",
      graphMode: options.graph ? "area" : "none",
      textMode: "auto",
    },
  });
}

/** Lines over time. `queries` are pairs of expression and legend. */
export function lines(title, unit, queries, description, fieldConfig = {}, options = {}) {
  return panel("timeseries", title, unit, queries, {
    description,
    width: options.width ?? 12,
    height: options.height ?? 8,
    fieldConfig: {
      min: 0,
      custom: {
        lineWidth: 1,
        fillOpacity: options.stacked ? 30 : 8,
        showPoints: "never",
        spanNulls: false,
        stacking: { mode: options.stacked ? "normal" : "none" },
        thresholdsStyle: { mode: fieldConfig.thresholds ? "line" : "off" },
      },
      ...fieldConfig,
    },
    options: {
      legend: { displayMode: "table", placement: "bottom", calcs: ["lastNotNull", "max"] },
      tooltip: { mode: "multi", sort: "desc" },
    },
  });
}

/** Rows of the newest values: labels as columns, in this order and under these names. */
export function table(title, unit, queries, columns, description, options = {}) {
  const targets = queries.map((expr) => [expr, "", { instant: true, format: "table" }]);
  return panel("table", title, unit, targets, {
    description,
    width: options.width ?? 12,
    height: options.height ?? 8,
    options: { showHeader: true, cellHeight: "sm" },
    overrides: options.overrides,
    transformations: [
      ...(queries.length > 1 ? [{ id: "merge", options: {} }] : []),
      {
        id: "organize",
        options: {
          excludeByName: { Time: true, __name__: true },
          indexByName: Object.fromEntries(Object.keys(columns).map((name, i) => [name, i])),
          renameByName: columns,
        },
      },
    ],
  });
}

/** A heading over the panels that follow. */
export function row(title) {
  return { type: "row", title, collapsed: false, panels: [], size: { w: 24, h: 1 } };
}

/** Panels from left to right and top to bottom, each with its number. */
function place(panels) {
  let x = 0;
  let y = 0;
  let height = 0;
  return panels.map(({ size, ...rest }, i) => {
    if (x + size.w > 24) {
      x = 0;
      y += height;
      height = 0;
    }
    const gridPos = { ...size, x, y };
    x += size.w;
    height = Math.max(height, size.h);
    return { id: i + 1, ...rest, gridPos };
  });
}

/** A dashboard as Grafana imports it. */
export function dashboard({ uid, title, description, variables = [], panels }) {
  return {
    uid,
    title,
    description,
    tags: ["rocketmq"],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    timezone: "browser",
    links: [
      {
        type: "dashboards",
        title: "RocketMQ",
        tags: ["rocketmq"],
        asDropdown: false,
        includeVars: true,
        keepTime: true,
      },
    ],
    annotations: { list: [] },
    templating: { list: [...COMMON_VARIABLES, ...variables] },
    panels: place(panels),
  };
}
