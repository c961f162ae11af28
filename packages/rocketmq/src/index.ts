import { servePlugin } from "./plugin";

export * from "./components";
export * from "./spec/cluster";
export * from "./spec/connection";
export * from "./spec/enums";
export { formatErrors, type ValidationError } from "./spec/errors";
export * from "./spec/exporter";
export * from "./spec/host";
export * from "./spec/machine";
export * from "./spec/nodes";
export * from "./spec/topics";
export { validateCluster } from "./spec/validate";
export { validateConfig, type ConfigResult, markSecrets } from "./spec/validateConfig";

// Known for CommonJS only, which is what Pulumi loads plugins as.
servePlugin(module.parent?.filename);
