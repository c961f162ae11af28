export { prepareToolchain, type Toolchain } from "./toolchain";
export { prepareConsul, startConsul, type ConsulOptions, type ConsulServer } from "./consul";
