import * as path from "node:path";

/** The clone: this folder, compiled, is `packages/testbed/dist/demo` in it. */
export const CLONE = path.resolve(__dirname, "..", "..", "..", "..");
