import * as path from "node:path";

/** The clone: this file is in `packages/testbed/src`, compiled in `packages/testbed/dist`. */
export const CLONE = path.resolve(__dirname, "..", "..", "..");
