import * as fs from "node:fs";
import * as os from "node:os";
import { parseArgs } from "node:util";
import { say } from "../progress";
import { measure } from "./measure";
import { judge, table } from "./report";

const USAGE = `usage: npm run bench -- [--rounds N] [--json FILE] [--events FILE]
  --rounds N     fresh deploy and floor N times each, pairwise, on new hosts every time (1)
  --json FILE    the figures as JSON
  --events FILE  Pulumi's event log of the fresh deploy, which tells how long each resource took`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "1" },
      json: { type: "string" },
      events: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(USAGE);
  }
  const load = os.loadavg()[0] ?? 0;
  const figures = await measure(rounds, values.events);
  const machine = { cpus: os.cpus().length, loadBefore: load };
  if (values.json !== undefined) {
    const result = { ...judge(figures), figures, machine };
    fs.writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  }
  say("");
  process.stdout.write(
    `${table(figures)}\n\non ${machine.cpus} cores, load ${load.toFixed(1)} before the run\n`,
  );
}

main().catch((error: unknown) => {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
