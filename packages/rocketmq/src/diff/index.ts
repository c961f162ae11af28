export * from "./changes";
export * from "./explain";
export * from "./explainHook";
export * from "./refusals";
