import { uploadPath } from "../config/uploads";
import type { ExporterSlot } from "../topology/types";
import { DEFAULTS } from "./defaults";
import type { ExporterArgs, ExporterJarArgs } from "./exporter";
import { defined, type Plain } from "./plain";
import { resolveJvm } from "./resolveHost";
import type { ExporterSettings } from "./resolved";

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
