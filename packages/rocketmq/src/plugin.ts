import * as path from "node:path";
import { BrokerNode, ExporterNode, Host, NamesrvNode, RocketMQCluster } from "./components";

/** Name of the package in programs of other languages: `rocketmq:RocketMQCluster`. */
const NAME = "rocketmq";
/** What Pulumi loads a component package with. */
const RUNNER = path.join("@pulumi", "pulumi", "cmd", "run-plugin", "run.js");

/**
 * Serves the components to programs of other languages if it is for that that Pulumi has loaded
 * this package (PulumiPlugin.yaml). Left to itself it would name them after the npm package.
 *
 * @param loader file of the module that has loaded this package
 */
export function servePlugin(loader: string | undefined): boolean {
  if (loader?.endsWith(RUNNER) !== true) {
    return false;
  }
  // Costs time that a program in this language need not spend.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { componentProviderHost } = require("@pulumi/pulumi/provider/experimental") as {
    componentProviderHost: (options: object) => Promise<void>;
  };
  void componentProviderHost({
    name: NAME,
    components: [RocketMQCluster, Host, NamesrvNode, BrokerNode, ExporterNode],
    dirname: path.resolve(__dirname, ".."),
  });
  return true;
}
