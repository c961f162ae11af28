import type { Command } from "../command";
import { readStack } from "../readStack";
import { checkHosts } from "./checkHost";
import { exitCode, json, lines } from "./report";

/** `drift`: how the machines differ from what the last update left there. Changes nothing. */
export const drift: Command = {
  summary: "what differs on the machines; changes nothing (exit: 0 none, 2 drift, 1 error)",
  run: async (options, output) => {
    const state = await readStack(options);
    const hosts = await checkHosts(state, options.parallel);
    if (options.json) {
      output.print(JSON.stringify(json(state.stack, hosts), undefined, 2));
      return exitCode(hosts);
    }
    lines(hosts).forEach((text) => output.print(text));
    for (const { error } of hosts) {
      if (error) {
        output.complain(error.message);
        if (error.remedy) {
          output.complain(`  ${error.remedy}`);
        }
      }
    }
    return exitCode(hosts);
  },
};
