import * as fs from "node:fs";
import * as path from "node:path";
import { Background } from "../background";
import { flatten } from "../configValues";
import { HostSet } from "../hosts";
import { prepareDistributions } from "../mirror";
import { prepareClient } from "../client";
import { say, seconds, step } from "../progress";
import { nothingChanged, Stack } from "../stack";
import { prepareConsul, prepareToolchain, startConsul } from "../toolchain";
import { CLONE } from "../clone";
import { configuration, HERE, PLAN, stateFolder } from "./plan";
import { nextSteps, prove } from "./proof";
import { waitForHttp } from "./waitForHttp";

/** Brings up hosts and the parts around them, deploys the cluster, and proves that it works. */
export async function up(): Promise<void> {
  const from = Date.now();
  const state = stateFolder();
  fs.mkdirSync(state, { recursive: true });

  const toolchain = await prepareToolchain();
  await prepareConsul();
  const distributions = await prepareDistributions([PLAN.version]);
  const client = await prepareClient();

  const hosts = await step(`${PLAN.machines.length} Linux hosts on ${PLAN.net}.0/24`, () =>
    HostSet.up({
      name: "demo",
      net: PLAN.net,
      bridge: PLAN.bridge,
      count: PLAN.machines.length,
    }),
  );
  await step("a mirror of RocketMQ and a Consul server", async () => {
    const background = new Background(state);
    background.start("mirror", process.execPath, [
      path.join(__dirname, "..", "mirror", "main.js"),
      ...["--address", HERE, "--port", String(PLAN.ports.mirror), "--folder", distributions],
    ]);
    if (!background.isRunning("consul")) {
      const { pid } = await startConsul({
        bindAddress: HERE,
        httpPort: PLAN.ports.consul,
        dataFolder: path.join(state, "consul"),
        logFile: background.log("consul"),
      });
      background.adopt("consul", pid);
    }
    await waitForHttp(`http://${HERE}:${PLAN.ports.mirror}/`, () => true);
  });

  const stack = new Stack(toolchain, CLONE, PLAN.stack, path.join(state, "backend"));
  await step("stack and configuration", async () => {
    await stack.select();
    await stack.configure(flatten(configuration(hosts.hosts)), {
      "connection.privateKey": hosts.privateKey,
    });
  });
  const before = Date.now();
  await step("pulumi up", () => {
    if (!stack.show(["up", "--yes", "--skip-preview", "--suppress-outputs"])) {
      throw new Error("pulumi up failed: see above. Run the demo again, or `npm run demo:down`.");
    }
    return Promise.resolve();
  });
  const deployed = Date.now() - before;
  const unchanged = nothingChanged(await stack.lastChanges());

  const outputs = await stack.outputs<Outputs>();
  await prove(hosts, client, outputs);
  nextSteps(hosts, stack, toolchain, outputs);
  say(
    unchanged
      ? `\nNothing changed: the cluster was as described (pulumi up: ${seconds(deployed)}).`
      : `\nThe cluster runs (pulumi up: ${seconds(deployed)}; in all ${seconds(Date.now() - from)}).`,
  );
}

/** What the root program exports. */
export interface Outputs {
  clusterName: string;
  namesrvAddr: string;
  brokerNames: string[];
  brokerAddresses: Record<string, string>;
  exporterEndpoint: string;
  consulServiceName: string;
}
