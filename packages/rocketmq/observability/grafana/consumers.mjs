import { CLUSTER, dashboard, lines, row, stat, table, thresholds, variable } from "./parts.mjs";

const TOPIC = `${CLUSTER}, topic=~"$topic"`;
const BOTH = `${TOPIC}, group=~"$group"`;
const GROUP = `${CLUSTER}, group=~"$group"`;
const BROKER = 'broker=~"$broker"';

export default dashboard({
  uid: "rocketmq-consumers",
  title: "RocketMQ: topics and consumers",
  description: "What goes through the topics, who reads it, and how far behind they are.",
  variables: [
    variable("broker", "Broker group", "broker", `rocketmq_exporter_broker_up{${CLUSTER}}`),
    variable("topic", "Topic", "topic", `rocketmq_producer_offset{${CLUSTER}}`),
    variable("group", "Consumer group", "group", `rocketmq_group_count{${CLUSTER}}`),
  ],
  panels: [
    stat(
      "In",
      "mps",
      `sum(rocketmq_producer_tps{${TOPIC}, ${BROKER}})`,
      "Messages put a second in the chosen topics.",
      {},
      { graph: true },
    ),
    stat(
      "Out",
      "mps",
      `sum(rocketmq_consumer_tps{${BOTH}, ${BROKER}})`,
      "Messages sent a second to the chosen groups.",
      {},
      { graph: true },
    ),
    stat(
      "Unread",
      "short",
      `sum(rocketmq:group_unread:max{${BOTH}})`,
      "Messages that the chosen groups have not read.",
    ),
    stat(
      "Oldest unread",
      "ms",
      `max(rocketmq_group_get_latency_by_storetime{${BOTH}, ${BROKER}})`,
      "How long the oldest message has been there that a chosen group has not read.",
      thresholds("green", [60000, "orange"], [900000, "red"]),
    ),
    stat(
      "Waiting for a retry",
      "short",
      `sum(max by (env, cluster, group, topic) (rocketmq_group_retrydiff{${GROUP}})) or vector(0)`,
      "Messages that consumers sent back and have not read again.",
    ),
    stat(
      "Dead letters",
      "short",
      `sum(rocketmq_topic_dlq_offset{${GROUP}, ${BROKER}}) or vector(0)`,
      "Messages that the chosen groups ever gave up on.",
      thresholds("green", [1, "orange"]),
    ),

    row("Topics"),
    lines(
      "Messages in",
      "mps",
      [
        [
          `topk(15, sum by (cluster, topic) (rocketmq_producer_tps{${TOPIC}, ${BROKER}}))`,
          "{{topic}}",
        ],
      ],
      "Put a second, mean of the last minute, by topic.",
    ),
    lines(
      "Bytes in",
      "Bps",
      [
        [
          `topk(15, sum by (cluster, topic) (rocketmq_producer_message_size{${TOPIC}, ${BROKER}}))`,
          "{{topic}}",
        ],
      ],
      "Put a second, mean of the last minute, by topic.",
    ),

    row("Consumers"),
    lines(
      "Unread messages",
      "short",
      [[`topk(15, rocketmq:group_unread:max{${BOTH}})`, "{{group}} {{topic}}"]],
      "By group and topic.",
    ),
    lines(
      "Oldest unread message",
      "ms",
      [
        [
          `topk(15, max by (cluster, group, topic) (rocketmq_group_get_latency_by_storetime{${BOTH}, ${BROKER}}))`,
          "{{group}} {{topic}}",
        ],
      ],
      "How long it has been there.",
    ),
    lines(
      "Messages out",
      "mps",
      [
        [
          `topk(15, sum by (cluster, group, topic) (rocketmq_consumer_tps{${BOTH}, ${BROKER}}))`,
          "{{group}} {{topic}}",
        ],
      ],
      "Sent to consumers a second, mean of the last minute.",
    ),
    lines(
      "Sent back",
      "short",
      [
        [
          `topk(15, sum by (cluster, group, topic) (rocketmq_send_back_nums{${BOTH}, ${BROKER}}))`,
          "{{group}} {{topic}}",
        ],
      ],
      "Messages that consumers failed on and gave back for a retry, in the last minute.",
    ),
    lines(
      "Consumers connected",
      "short",
      [[`max by (cluster, group) (rocketmq_group_count{${GROUP}})`, "{{group}}"]],
      "By group.",
    ),
    lines(
      "Time to consume a message",
      "ms",
      [
        [
          `topk(15, avg by (cluster, group, topic) (rocketmq_client_consume_rt{${BOTH}}))`,
          "{{group}} {{topic}}",
        ],
      ],
      "As the clients measure it, where they answer.",
    ),
    table(
      "Behind",
      "short",
      [`sort_desc(rocketmq:group_unread:max{${BOTH}} > 0)`],
      { env: "Environment", cluster: "Cluster", group: "Group", topic: "Topic", Value: "Unread" },
      "Groups that have messages to read, now.",
    ),
    table(
      "Failures of clients",
      "short",
      [
        `sort_desc(max by (cluster, group, topic, clientId) (rocketmq_client_consume_fail_msg_count{${BOTH}}) > 0)`,
      ],
      { cluster: "Cluster", group: "Group", topic: "Topic", clientId: "Client", Value: "Failed" },
      "Messages that a client failed on in the last hour.",
    ),
  ],
});
