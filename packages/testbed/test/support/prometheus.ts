import * as fs from "node:fs";
import * as path from "node:path";
import type { Bed } from "../../src/bed";
import {
  type Discovery,
  impatientRules,
  localConfig,
  prepareDiscovery,
  Prometheus,
} from "../../src/prometheus";

/**
 * A Prometheus that finds its targets in the bed's Consul, or another: the documented configuration with the
 * documented rules, but for Consul's address and with seconds for minutes.
 */
export async function watch(
  bed: Bed,
  discovery: Discovery = { server: bed.consul?.address ?? "" },
): Promise<Prometheus> {
  const program = await prepareDiscovery();
  const folder = path.join(bed.folder, "prometheus");
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "rules.yml"), impatientRules());
  const configFile = path.join(folder, "prometheus.yml");
  fs.writeFileSync(configFile, localConfig(discovery, "rules.yml"));
  return Prometheus.start({ program, address: `${bed.options.net}.1:9090`, configFile });
}

/** What a service of Consul's catalogue is, as far as it is ours to say. */
export interface CatalogueEntry {
  Node: string;
  ServiceID: string;
  ServiceAddress: string;
  ServicePort: number;
  ServiceTags: string[];
  ServiceMeta: Record<string, string>;
}

export async function catalogue(bed: Bed, service: string): Promise<CatalogueEntry[]> {
  const url = `http://${bed.consul?.address}/v1/catalog/service/${service}`;
  const entries = (await (await fetch(url)).json()) as CatalogueEntry[];
  return entries.sort((a, b) => a.ServiceID.localeCompare(b.ServiceID));
}
