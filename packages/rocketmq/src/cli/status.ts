import * as fs from "node:fs";
import {
  type ClusterView,
  expectedCluster,
  hear,
  judgeCluster,
  statusPage,
  terminalLines,
} from "../status";
import { CliError } from "./cliError";
import { type Command, Exit } from "./command";
import { forEach } from "./parallel";
import { readStack } from "./readStack";
import { runAgent } from "./runAgent";
import type { ClusterState } from "./stackState";

/** How the clusters of a stack do right now, each asked from one of its own machines. */
export const status: Command = {
  summary: "how the clusters do right now; --html FILE draws them (0 all is well, 2 it is not)",
  page: true,
  async run(options, output) {
    const { stack, clusters } = await readStack(options);
    const asked = await forEach(clusters, look, options.parallel);
    const views = asked.map((outcome) => {
      if ("error" in outcome) {
        throw outcome.error;
      }
      return outcome.value;
    });
    if (options.html !== undefined) {
      write(options.html, statusPage({ stack, clusters: views }));
    }
    if (options.json) {
      output.print(JSON.stringify({ stack, clusters: views }, undefined, 2));
    } else {
      const colour = process.stdout.isTTY && !process.env["NO_COLOR"];
      views.forEach((view, i) =>
        [...(i > 0 ? [""] : []), ...terminalLines(view, { colour })].forEach((line) =>
          output.print(line),
        ),
      );
    }
    return exitCode(views);
  },
};

async function look(cluster: ClusterState): Promise<ClusterView> {
  const expected = expectedCluster(cluster);
  const hearing = await hear(expected, (machine, document) => {
    const host = cluster.hosts.find(({ name }) => name === machine);
    if (host === undefined) {
      throw new Error(`${machine} is not in the state of the stack`);
    }
    return runAgent(host.connection, "status", document, { machine });
  });
  return judgeCluster(expected, hearing);
}

/** What could not be found out weighs more than what is wrong. */
export function exitCode(views: Pick<ClusterView, "health" | "time">[]): number {
  if (views.some(({ time }) => time === undefined)) {
    return Exit.Error;
  }
  return views.every(({ health }) => health === "ok") ? Exit.Ok : Exit.Different;
}

function write(file: string, page: string): void {
  try {
    fs.writeFileSync(file, page);
  } catch (error) {
    throw new CliError(
      `--html ${file}: ${(error as Error).message}`,
      "Name a file in a folder that exists and that you may write to.",
    );
  }
}
