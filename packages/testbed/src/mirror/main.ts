import { parseArgs } from "node:util";
import { prepareDistributions } from "./distributions";
import { startMirror } from "./server";

/**
 * The mirror as a process of its own:
 * `node dist/mirror/main.js --address A --port P (--folder FOLDER | --versions 4.9.3,5.5.0)`.
 * Prints its URL as a line of JSON when it answers; ends on SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      address: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8180" },
      folder: { type: "string" },
      versions: { type: "string" },
    },
  });
  if (!values.folder && !values.versions) {
    throw new Error("--folder or --versions is needed");
  }
  const mirror = await startMirror({
    address: values.address,
    port: Number(values.port),
    folder: values.folder ?? (await prepareDistributions(values.versions?.split(",") ?? [])),
  });
  process.stdout.write(`${JSON.stringify({ url: mirror.url })}\n`);
  const stop = (): void => void mirror.stop();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
