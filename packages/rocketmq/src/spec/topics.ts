import type * as pulumi from "@pulumi/pulumi";
import type { TopicMessageType } from "./enums";

/** A topic, created on the master of every group, or changed to this. Hot. */
export interface TopicArgs {
  /**
   * Queues to read from, on each group. Never lower it below `writeQueueNums`. Lowered, the update
   * waits until consumers have read the queues that go.
   *
   * @default 8
   */
  readQueueNums?: pulumi.Input<number>;
  /**
   * Queues to write to, on each group. The number of consumers of a group that can work at once.
   *
   * @default 8
   */
  writeQueueNums?: pulumi.Input<number>;
  /**
   * 2 write, 4 read, 6 both.
   *
   * @default 6
   */
  perm?: pulumi.Input<number>;
  /**
   * Whether the order of messages is kept when queues change.
   *
   * @default false
   */
  order?: pulumi.Input<boolean>;
  /**
   * RocketMQ 5 only: `NORMAL`, `FIFO`, `DELAY` or `TRANSACTION`. Set when the topic is created.
   *
   * @default none sent, which is `NORMAL`
   */
  messageType?: pulumi.Input<TopicMessageType>;
}

/** A subscription (consumer) group, created on the master of every group. Hot. */
export interface SubscriptionGroupArgs {
  /**
   * Whether the group may consume.
   *
   * @default true
   */
  consumeEnable?: pulumi.Input<boolean>;
  /**
   * Whether it may consume in broadcast mode.
   *
   * @default true
   */
  consumeBroadcastEnable?: pulumi.Input<boolean>;
  /**
   * Whether it consumes in order.
   *
   * @default false
   */
  consumeMessageOrderly?: pulumi.Input<boolean>;
  /**
   * Retry queues on each group.
   *
   * @default 1
   */
  retryQueueNums?: pulumi.Input<number>;
  /**
   * Deliveries of a message before it goes to the dead letter queue.
   *
   * @default 16
   */
  retryMaxTimes?: pulumi.Input<number>;
}
