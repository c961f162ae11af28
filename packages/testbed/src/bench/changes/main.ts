import * as fs from "node:fs";
import * as os from "node:os";
import { parseArgs } from "node:util";
import { say } from "../../progress";
import { measure } from "./measure";
import { chosen } from "./plan";
import { broken, table } from "./report";

const USAGE = `usage: npm run bench:changes -- [--rate N] [--only TEXT] [--json FILE]
  --rate N     messages a second (200)
  --only TEXT  only changes with this in their name; may be given again
  --json FILE  the figures as JSON`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rate: { type: "string", default: "200" },
      only: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
    },
  });
  const rate = Number(values.rate);
  if (!Number.isInteger(rate) || rate < 1) {
    throw new Error(USAGE);
  }
  const machine = { cpus: os.cpus().length, loadBefore: os.loadavg()[0] ?? 0 };
  // After each change, as a change that fails must not take with it what was measured before.
  const figures = await measure(rate, chosen(values.only), (soFar) => {
    say(table(soFar.slice(-1)));
    if (values.json !== undefined) {
      const result = { rate, figures: soFar, faults: broken(soFar), machine };
      fs.writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
    }
  });
  const faults = broken(figures);
  process.stdout.write(
    `\n${table(figures)}\n\n${rate} messages a second, on ${machine.cpus} cores, ` +
      `load ${machine.loadBefore.toFixed(1)} before the run\n`,
  );
  if (faults.length > 0) {
    throw new Error(faults.join("\n"));
  }
}

main().catch((error: unknown) => {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
