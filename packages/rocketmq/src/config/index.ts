export * from "./brokerConf";
export * from "./documents";
export * from "./hotKeys";
export * from "./namesrvConf";
export * from "./reference";
export * from "./uploads";
export * from "./versions";
export * from "./versionSteps";
