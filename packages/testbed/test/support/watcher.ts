import type { Bed } from "../../src/bed";
import type { Alert, Prometheus } from "../../src/prometheus";
import { eventually } from "./eventually";
import { watch } from "./prometheus";

/** A real Prometheus that finds a bed's exporters in its Consul, with our rules made impatient. */
export class Watcher {
  /** Alerts that have been seen to fire. */
  readonly fired = new Set<string>();

  private constructor(
    readonly prometheus: Prometheus,
    private readonly labels: Record<string, string>,
  ) {}

  /** @param labels what every alert about this cluster has */
  static async start(bed: Bed, labels: Record<string, string>): Promise<Watcher> {
    return new Watcher(await watch(bed), labels);
  }

  stop(): Promise<void> {
    return this.prometheus.stop();
  }

  async firing(name: string): Promise<Alert[]> {
    return (await this.prometheus.alerts()).filter(
      ({ labels, state }) => labels["alertname"] === name && state === "firing",
    );
  }

  /** It fires, about this and about nothing else. */
  async fires(name: string, labels: Record<string, string>): Promise<void> {
    const found = await eventually(
      () => this.firing(name),
      (alerts) => alerts.length > 0,
    );
    expect({ name, labels: found.map((alert) => alert.labels) }).toEqual({
      name,
      labels: [expect.objectContaining({ ...this.labels, ...labels })],
    });
    this.fired.add(name);
  }

  /** None of them fires any more. */
  async ends(...names: string[]): Promise<void> {
    for (const name of names) {
      const left = await eventually(
        () => this.firing(name),
        (alerts) => alerts.length === 0,
      );
      expect({ name, left }).toEqual({ name, left: [] });
    }
  }
}
