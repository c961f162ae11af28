export type { TestHost, UpOptions } from "./hostSet";
export { HostSet } from "./hostSet";
export type { JavaVersion } from "./java";
export type { CommandResult, RunOptions } from "./run";
export { run } from "./run";
export type { HostOptions, HostSetName } from "./script";
export { hostSetFolder } from "./script";
