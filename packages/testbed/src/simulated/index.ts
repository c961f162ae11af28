export * from "./keyPair";
export * from "./machines";
export * from "./sshServer";
export * from "./startups";
