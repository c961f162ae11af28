export * from "./agentFile";
export * from "./connection";
export * from "./documents";
export * from "./hostAccess";
export * from "./step";
export * from "./upload";
