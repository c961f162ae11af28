import { uploadPath } from "../config/uploads";
import type { ExporterSlot } from "../topology/types";
import { DEFAULTS } from "./defaults";
import type { ConsulRegistrationArgs, ExporterArgs, ExporterJarArgs } from "./exporter";
import type { ExporterNodeArgs } from "./nodes";
import { defined, type Plain } from "./plain";
import { resolveJvm } from "./resolveHost";
import type { ConsulSettings, ExporterSettings } from "./resolved";

export function resolveExporter(args: Plain<ExporterArgs> = {}): ExporterSettings {
  const source = args.source ?? DEFAULTS.exporter.source;
  return {
    source,
    path: args.path ?? DEFAULTS.exporter.path,
    intervalSeconds: args.intervalSeconds ?? DEFAULTS.exporter.intervalSeconds,
    ...(source === "jar" && args.jar ? { jar: resolveJar(args.jar) } : {}),
  };
}

function resolveJar(jar: Plain<ExporterJarArgs>): NonNullable<ExporterSettings["jar"]> {
  return defined({
    url: jar.file === undefined ? jar.url : undefined,
    file: jar.file === undefined ? undefined : uploadPath(jar.file),
    sha512: jar.sha512.toLowerCase(),
    arguments: jar.arguments ?? [],
    jvm: resolveJvm(jar.jvm),
  });
}

/** Labels follow Prometheus' conventions for Consul: a tag to select by, the rest as metadata. */
export function resolveConsul(
  args: Plain<ConsulRegistrationArgs>,
  labels: { clusterName: string; environment?: string; path: string },
): ConsulSettings {
  const url = /^https?:\/\//.test(args.address) ? args.address : `http://${args.address}`;
  return defined({
    url: url.replace(/\/+$/, ""),
    token: args.token,
    caPem: args.caPem,
    datacenter: args.datacenter,
    serviceName: args.serviceName ?? DEFAULTS.consulServiceName,
    tags: [...new Set(["prometheus", labels.clusterName, ...(args.tags ?? [])])],
    meta: {
      metrics_path: labels.path,
      cluster: labels.clusterName,
      ...(labels.environment === undefined ? {} : { env: labels.environment }),
      ...args.meta,
    },
  });
}

export function exporterNodeSlot(args: {
  host: { machine: { name: string } };
  exporter?: Pick<ExporterArgs, "port">;
}): ExporterSlot {
  return {
    slot: "exporter",
    machine: args.host.machine.name,
    port: args.exporter?.port ?? DEFAULTS.exporter.port,
  };
}

/** For an exporter on its own. */
export function resolveExporterNode(
  args: Omit<Plain<ExporterNodeArgs>, "host" | "nameServers">,
  clusterName: string = DEFAULTS.clusterName,
): { exporter: ExporterSettings; consul?: ConsulSettings } {
  const exporter = resolveExporter(args.exporter);
  const { environment, consul } = args;
  return {
    exporter,
    ...(consul
      ? { consul: resolveConsul(consul, { clusterName, environment, path: exporter.path }) }
      : {}),
  };
}
