export type { ConsumeOptions, ProduceOptions } from "./client";
export { Client } from "./client";
export type { LoadOptions } from "./load";
export { Load } from "./load";
export { prepareClient } from "./prepare";
export type { ConsumeResult, LoadProgress, LoadResult, ProduceResult, SendReport } from "./results";
