import { parseArgs } from "node:util";
import * as fs from "node:fs";
import { say } from "../../progress";
import { measureBastion, measureSizes } from "./measure";
import { bastionLines, scaleTable } from "./report";

const USAGE = `usage: npm run bench:scale -- [--sizes 10,100,300] [--parallel N] [--json FILE]
  --sizes      machines of the simulated clusters
  --parallel   of the deployment behind a bastion: how many steps Pulumi runs at a time (64)
  --json FILE  the figures as JSON`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "10,100,300" },
      parallel: { type: "string", default: "64" },
      json: { type: "string" },
    },
  });
  const sizes = values.sizes.split(",").map(Number);
  const parallel = Number(values.parallel);
  if (![...sizes, parallel].every((count) => Number.isInteger(count) && count > 0)) {
    throw new Error(USAGE);
  }
  if (sizes.some((size) => size < 6)) {
    throw new Error("A cluster of this benchmark has at least 6 machines.");
  }
  const figures = await measureSizes(sizes);
  const bastion = await measureBastion(Math.max(...sizes), parallel);
  if (values.json !== undefined) {
    fs.writeFileSync(values.json, `${JSON.stringify({ figures, bastion }, null, 2)}\n`);
  }
  process.stdout.write(`\n${scaleTable(figures)}\n\n${bastionLines(bastion)}\n`);
}

main().catch((error: unknown) => {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
