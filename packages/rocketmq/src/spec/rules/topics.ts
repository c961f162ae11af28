import { has } from "../../config/versions";
import type { Draft } from "../draft";
import type { SubscriptionGroupArgs, TopicArgs } from "../topics";
import { Mistakes } from "./rule";

/** Topics that RocketMQ makes itself. */
const SYSTEM_TOPICS =
  /^(TBW102|SCHEDULE_TOPIC_XXXX|BenchmarkTest|SELF_TEST_TOPIC|OFFSET_MOVED_EVENT|DefaultHeartBeatSyncerTopic)$|^(RMQ_SYS_|rmq_sys_|%RETRY%|%DLQ%)/;

/** Groups that RocketMQ uses itself. */
const SYSTEM_GROUPS =
  /^(TOOLS_CONSUMER|FILTERSRV_CONSUMER|SELF_TEST_C_GROUP)$|^(CID_RMQ_SYS_|CID_ONS)/;

export function topicRules(
  topics: Record<string, Draft<TopicArgs> | undefined>,
  situation: { version: string; reserved: readonly string[] },
  found: Mistakes,
): void {
  for (const [name, topic] of Object.entries(topics)) {
    const path = `topics[${JSON.stringify(name)}]`;
    if (SYSTEM_TOPICS.test(name) || situation.reserved.includes(name)) {
      found.add(
        path,
        "reserved-topic",
        "RocketMQ has a topic of its own by this name",
        "Choose another name.",
      );
    }
    const { readQueueNums, writeQueueNums, messageType } = topic ?? {};
    if (
      readQueueNums !== undefined &&
      writeQueueNums !== undefined &&
      readQueueNums < writeQueueNums
    ) {
      found.add(
        `${path}.readQueueNums`,
        "unread-queues",
        `messages in ${writeQueueNums - readQueueNums} of ${writeQueueNums} queues would never be read`,
        `Write at least ${writeQueueNums}, or lower writeQueueNums first.`,
      );
    }
    if (messageType !== undefined && !has("messageType", situation.version)) {
      found.add(
        `${path}.messageType`,
        "version-gate",
        `RocketMQ ${situation.version} knows no message types`,
        "Take it out, or choose version 5.0.0 or later.",
      );
    }
  }
}

export function subscriptionGroupRules(
  groups: Record<string, Draft<SubscriptionGroupArgs> | undefined>,
  found: Mistakes,
): void {
  for (const name of Object.keys(groups).filter((key) => SYSTEM_GROUPS.test(key))) {
    found.add(
      `subscriptionGroups[${JSON.stringify(name)}]`,
      "reserved-group",
      "RocketMQ uses a group of this name itself",
      "Choose another name.",
    );
  }
}
