export * from "./groupKeys";
export { hostPlacement } from "./hosts";
export * from "./place";
export * from "./ports";
export * from "./types";
