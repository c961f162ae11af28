import * as fs from "node:fs";
import * as path from "node:path";
import { cached } from "../cache";
import { run } from "../hosts/run";
import { buildPrometheus } from "../toolchain";

/** Programs of one Prometheus. */
export interface PrometheusPrograms {
  prometheus: string;
  promtool: string;
}

/**
 * Prometheus and promtool: those on the PATH, or those of Debian's package, unpacked into the cache
 * and not installed, since the package starts a service where systemd runs. Where there is neither,
 * the reason.
 */
export async function preparePrometheus(): Promise<PrometheusPrograms | { missing: string }> {
  const folder = onPath("prometheus") ?? (await unpacked());
  return typeof folder === "string"
    ? { prometheus: path.join(folder, "prometheus"), promtool: path.join(folder, "promtool") }
    : folder;
}

/**
 * A Prometheus that finds its targets in Consul: the one on the PATH if it can, else one that is
 * built. Debian's cannot.
 */
export async function prepareDiscovery(): Promise<string> {
  const folder = onPath("prometheus");
  return folder !== undefined && (await knowsConsul(path.join(folder, "promtool")))
    ? path.join(folder, "prometheus")
    : buildPrometheus();
}

/** The folder where both are. */
function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .find((folder) => [name, "promtool"].every((one) => fs.existsSync(path.join(folder, one))));
}

async function unpacked(): Promise<string | { missing: string }> {
  if (!hasApt()) {
    return { missing: "prometheus and promtool are not on the PATH, and there is no apt here" };
  }
  try {
    const folder = await cached(
      "prometheus",
      `debian-${process.arch}`,
      "download Debian's package of Prometheus (19 MB)",
      async (target) => {
        const script =
          'cd "$1" && { apt-get download -q prometheus || { apt-get update -q && apt-get download -q prometheus; }; }' +
          " && dpkg-deb -x prometheus_*.deb root && mv root/usr/bin bin && rm -rf root prometheus_*.deb";
        const { code, stderr } = await run("bash", ["-ec", script, "bash", target]);
        if (code !== 0) {
          throw new Error(stderr.trim().split("\n").slice(-3).join("\n"));
        }
      },
    );
    return path.join(folder, "bin");
  } catch (error) {
    return { missing: `apt-get could not download prometheus: ${(error as Error).message}` };
  }
}

function hasApt(): boolean {
  return ["/usr/bin/apt-get", "/usr/bin/dpkg-deb"].every((file) => fs.existsSync(file));
}

async function knowsConsul(promtool: string): Promise<boolean> {
  const config = { scrape_configs: [{ job_name: "a", consul_sd_configs: [{ server: "a:1" }] }] };
  const { code } = await run(promtool, ["check", "config", "/dev/stdin"], {
    // JSON is YAML.
    input: JSON.stringify(config),
  });
  return code === 0;
}
