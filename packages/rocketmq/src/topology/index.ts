export * from "./place";
export * from "./types";
