import { prepareBrowser } from "../browser";
import { prepareClient } from "../client";
import { prepareDistributions } from "../mirror";
import { say } from "../progress";
import { prepareDiscovery, preparePrometheus } from "../prometheus";
import { prepareConsul, prepareToolchain } from "../toolchain";

/**
 * Builds and fetches what the tests on real hosts need, one after the other: test files run side by
 * side, and each of them would begin to build what is missing. Where something fails, the tests that
 * need it say so.
 */
async function main(): Promise<void> {
  await prepareToolchain({ yaml: true });
  await prepareConsul();
  await prepareDiscovery();
  await preparePrometheus();
  await prepareClient();
  await prepareDistributions(["4.9.3", "5.5.0"]);
  await prepareBrowser();
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
