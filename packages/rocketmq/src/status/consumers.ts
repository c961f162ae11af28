import type { ConsumerReport } from "../remote/statusReport";

/** How a consumer group does on a topic, in words. */
export function consumerState({ unread, clients, broadcasting }: ConsumerReport): string {
  if (broadcasting) {
    return "broadcasting";
  }
  if (unread === 0) {
    return "has read all";
  }
  return clients === 0 ? "nobody reads" : "reading";
}
