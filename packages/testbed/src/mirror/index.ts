export { archivePath, prepareDistributions } from "./distributions";
export type { Fault } from "./faults";
export { Faults } from "./faults";
export { archiveName, RELEASES } from "./releases";
export type { Mirror, MirrorOptions, MirrorRequest } from "./server";
export { startMirror } from "./server";
