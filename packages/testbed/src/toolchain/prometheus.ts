import * as path from "node:path";
import { cached } from "../cache";
import { fingerprint, goBuild, goModule } from "./go";
import { PROMETHEUS } from "./versions";

const prometheusModule = goModule("prometheus");

/** Of the discoveries that Prometheus offers, Consul's only: with all of them it takes twice as long. */
const TAGS = ["remove_all_sd", "enable_consul_sd"];

/** The path of a Prometheus with Consul's discovery and without its web UI, built from the Go module. */
export async function buildPrometheus(): Promise<string> {
  const folder = await cached(
    "prometheus",
    `${fingerprint(prometheusModule, "go.mod", "go.sum")}-consul`,
    `build Prometheus ${PROMETHEUS} from its Go module (2 to 5 minutes the first time)`,
    (target) =>
      goBuild(
        prometheusModule,
        "github.com/prometheus/prometheus/cmd/prometheus",
        path.join(target, "prometheus"),
        { tags: TAGS },
      ),
  );
  return path.join(folder, "prometheus");
}
