export * from "./cliError";
export * from "./command";
export * from "./connection";
export * from "./parallel";
export * from "./readStack";
export * from "./runAgent";
export * from "./stackState";
