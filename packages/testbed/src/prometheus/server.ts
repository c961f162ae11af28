import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

export interface PrometheusOptions {
  program: string;
  /** `host:port` of its API. */
  address: string;
  /** The configuration; what it names lies beside it, and so does its data. */
  configFile: string;
}

/** A sample of an instant query. */
export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

export interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: "pending" | "firing";
}

export interface Target {
  labels: Record<string, string>;
  discoveredLabels: Record<string, string>;
  scrapeUrl: string;
  health: "up" | "down" | "unknown";
  lastError: string;
}

/** A Prometheus of this machine. */
export class Prometheus {
  private constructor(
    readonly address: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** Returns when it answers queries. */
  static async start(options: PrometheusOptions): Promise<Prometheus> {
    const folder = path.dirname(options.configFile);
    const logFile = path.join(folder, "prometheus.log");
    const log = fs.openSync(logFile, "a");
    const child = spawn(
      options.program,
      [
        `--config.file=${options.configFile}`,
        `--storage.tsdb.path=${path.join(folder, "data")}`,
        `--web.listen-address=${options.address}`,
      ],
      { stdio: ["ignore", log, log] },
    );
    fs.closeSync(log);
    let ended = false;
    const gone = new Promise<void>((resolve) => {
      const end = () => {
        ended = true;
        resolve();
      };
      child.once("error", end);
      child.once("exit", end);
    });
    const prometheus = new Prometheus(options.address, async () => {
      child.kill("SIGTERM");
      await gone;
    });
    const until = Date.now() + 60_000;
    while (!(await prometheus.ready())) {
      if (ended || Date.now() > until) {
        await prometheus.stop();
        throw new Error(`Prometheus is not ready:\n${fs.readFileSync(logFile, "utf8")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return prometheus;
  }

  async query(expr: string): Promise<Sample[]> {
    const { result } = await this.get<{ result: Sample[] }>(
      `query?query=${encodeURIComponent(expr)}`,
    );
    return result;
  }

  async alerts(): Promise<Alert[]> {
    return (await this.get<{ alerts: Alert[] }>("alerts")).alerts;
  }

  async targets(): Promise<Target[]> {
    return (await this.get<{ activeTargets: Target[] }>("targets")).activeTargets;
  }

  private async ready(): Promise<boolean> {
    try {
      return (await fetch(`http://${this.address}/-/ready`)).ok;
    } catch {
      return false;
    }
  }

  private async get<T>(call: string): Promise<T> {
    const response = await fetch(`http://${this.address}/api/v1/${call}`);
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== "success") {
      throw new Error(`Prometheus: ${answer.error ?? response.statusText}: ${call}`);
    }
    return answer.data;
  }
}
