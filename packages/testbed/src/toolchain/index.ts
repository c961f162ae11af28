export { prepareToolchain, type Toolchain, type ToolchainOptions } from "./toolchain";
export { prepareConsul, startConsul, type ConsulOptions, type ConsulServer } from "./consul";
export { buildPrometheus } from "./prometheus";
