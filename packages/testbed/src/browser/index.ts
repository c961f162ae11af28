export * from "./browser";
export * from "./prepare";
