import * as fs from "node:fs";
import * as path from "node:path";
import { Background } from "../background";
import { HostSet } from "../hosts";
import { say, step } from "../progress";
import { PLAN, stateFolder } from "./plan";
import { CLONE } from "../clone";

/** Removes everything that the demo made: processes, hosts, state, the stack's configuration. */
export async function down(): Promise<void> {
  const state = stateFolder();
  await step("ending Consul and the mirror", async () => {
    const background = new Background(state);
    await background.stop("consul");
    await background.stop("mirror");
  });
  await step("removing the hosts", () =>
    HostSet.remove({ name: "demo", net: PLAN.net, bridge: PLAN.bridge }),
  );
  fs.rmSync(state, { recursive: true, force: true });
  fs.rmSync(path.join(CLONE, `Pulumi.${PLAN.stack}.yaml`), { force: true });
  say("Everything of the demo is gone; what was downloaded and built stays in the cache.");
}
