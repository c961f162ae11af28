import type { Run } from "../../src/stack";

/** The run, if it ended well; else a failure that says what Pulumi said. */
export function succeeded(run: Run): Run {
  if (run.code !== 0) {
    throw new Error(run.text.slice(Math.max(0, run.text.indexOf("Diagnostics:"))));
  }
  return run;
}
