export * from "./project";
export * from "./stack";
