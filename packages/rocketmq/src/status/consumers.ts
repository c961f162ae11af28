import type { ConsumerReport } from "../remote/statusReport";
import type { ClusterView } from "./view";

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

/** What is to be said about the list as a whole; nothing where it is complete and not empty. */
export function consumersRemark({
  time,
  consumers,
  consumersMissing,
}: ClusterView): string | undefined {
  if (time === undefined) {
    return "Not asked.";
  }
  if (consumersMissing.length > 0) {
    return `Not known of ${consumersMissing.join(", ")}: only a master knows what is unread.`;
  }
  return consumers.length === 0 ? "No consumer group has read anything yet." : undefined;
}
