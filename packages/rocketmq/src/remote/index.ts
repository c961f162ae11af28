export * from "./agentFile";
export * from "./connection";
export * from "./documents";
export * from "./handled";
export * from "./hostAccess";
export * from "./sshHook";
export * from "./step";
export * from "./upload";
