export * from "./documents";
export * from "./hotKeys";
export * from "./uploads";
