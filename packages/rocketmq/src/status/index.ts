export * from "./ask";
export * from "./expected";
export * from "./judge";
export * from "./page";
export * from "./statusDocument";
export * from "./terminal";
export * from "./view";
