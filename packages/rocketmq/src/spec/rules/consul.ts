import { has } from "../../config/versions";
import type { ConsulRegistrationArgs } from "../consul";
import type { Draft } from "../draft";
import type { ExporterArgs } from "../exporter";
import { member } from "../paths";
import { isUnknown } from "../unknown";
import type { Mistakes } from "./rule";

export function consulRules(
  exporter: Draft<ExporterArgs> | undefined,
  consul: Draft<ConsulRegistrationArgs> | undefined,
  found: Mistakes,
): void {
  const wanted = consul?.services ?? ["exporter"];
  if (exporter?.enabled === false && consul !== undefined && wanted.includes("exporter")) {
    found.add(
      "consul",
      "consul-without-exporter",
      "there is no exporter to register",
      "Take consul out (or exporter out of consul.services), or set exporter.enabled to true.",
    );
  }
}

/**
 * A registration of metrics that nobody serves would be a target that is always down. `configs` are
 * the keys of broker.conf of each group, as the user wrote them; what is not known yet passes.
 */
export function brokerMetricsRules(
  consul: Draft<ConsulRegistrationArgs> | undefined,
  version: string,
  configs: readonly (readonly unknown[])[],
  found: Mistakes,
): void {
  if (!consul?.services?.includes("brokerMetrics")) {
    return;
  }
  if (!has("promExporter", version)) {
    found.add(
      "consul.services",
      "version-gate",
      `brokers of RocketMQ ${version} serve no metrics of their own`,
      "Take brokerMetrics out, or use RocketMQ 5.1.0 or later. The exporter serves every version.",
    );
  } else if (configs.some((parts) => !servesMetrics(parts))) {
    found.add(
      "consul.services",
      "metrics-not-served",
      "the brokers serve no metrics of their own that could be registered",
      "Set brokerConfig.metricsExporterType: PROM for all groups, or take brokerMetrics out.",
    );
  }
}

/** `parts` are maps of keys; a later one wins. */
function servesMetrics(parts: readonly unknown[]): boolean {
  if (parts.some(isUnknown)) {
    return true;
  }
  const kind = parts
    .map((part) => member(part, "metricsExporterType"))
    .reduce((before, value) => value ?? before, undefined);
  return isUnknown(kind) || (typeof kind === "string" && kind.toUpperCase() === "PROM");
}
