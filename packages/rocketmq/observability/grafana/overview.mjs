import { CLUSTER, dashboard, lines, row, stat, table, thresholds } from "./parts.mjs";

const good = thresholds("green", [1, "red"]);

export default dashboard({
  uid: "rocketmq-overview",
  title: "RocketMQ: clusters",
  description: "Whether the clusters are whole, what they carry, and where they are short of room.",
  panels: [
    stat(
      "Brokers up",
      "short",
      `sum(max by (env, cluster, broker, brokerId) (rocketmq_exporter_broker_up{${CLUSTER}}))`,
      "Brokers that answered in the last collection.",
    ),
    stat(
      "Brokers down",
      "short",
      `count(rocketmq:broker_known:6h{${CLUSTER}} unless on (env, cluster, broker, brokerId) (rocketmq_exporter_broker_up == 1)) or vector(0)`,
      "There within the last six hours, and not answering now.",
      good,
    ),
    stat(
      "Groups without master",
      "short",
      `count(count by (env, cluster, broker) (rocketmq:broker_known:6h{${CLUSTER}}) unless on (env, cluster, broker) (rocketmq_exporter_broker_up{brokerId="0"} == 1)) or vector(0)`,
      "Broker groups that take no messages.",
      good,
    ),
    stat(
      "Name servers missing",
      "short",
      `count(max by (env, cluster, namesrv) (rocketmq_exporter_namesrv_up{${CLUSTER}}) == 0) or vector(0)`,
      "Name servers that do not answer the exporter.",
      good,
    ),
    stat(
      "Alerts firing",
      "short",
      `count(ALERTS{${CLUSTER}, alertname=~"RocketMQ.*", alertstate="firing"}) or vector(0)`,
      "Of the project's alert rules.",
      good,
    ),
    stat(
      "Oldest snapshot",
      "s",
      `max(rocketmq_exporter_snapshot_age_seconds{${CLUSTER}})`,
      "How old the figures are that the exporter serves: more than a minute, and it is blind.",
      thresholds("green", [45, "orange"], [60, "red"]),
    ),

    row("Traffic"),
    lines(
      "Messages in",
      "mps",
      [[`sum by (cluster, broker) (rocketmq_broker_tps{${CLUSTER}})`, "{{cluster}} {{broker}}"]],
      "Messages put a second, mean of the last minute, by broker group.",
      {},
      { stacked: true },
    ),
    lines(
      "Messages out",
      "mps",
      [[`sum by (cluster, broker) (rocketmq_broker_qps{${CLUSTER}})`, "{{cluster}} {{broker}}"]],
      "Messages got a second, mean of the last minute, by broker group.",
      {},
      { stacked: true },
    ),
    lines(
      "Unread messages",
      "short",
      [
        [
          `topk(10, sum by (cluster, group) (rocketmq:group_unread:max{${CLUSTER}}))`,
          "{{cluster}} {{group}}",
        ],
      ],
      "The ten consumer groups that have the most to read.",
    ),
    lines(
      "New dead letters",
      "short",
      [
        [
          `sum by (cluster, group) (max by (env, cluster, broker, group) (rocketmq_topic_dlq_offset{${CLUSTER}}) - max by (env, cluster, broker, group) (rocketmq_topic_dlq_offset{${CLUSTER}} offset 1h)) > 0`,
          "{{cluster}} {{group}}",
        ],
      ],
      "Messages that a group gave up on, within an hour.",
    ),

    row("Room and replicas"),
    lines(
      "Disk used",
      "percentunit",
      [[`rocketmq:disk_ratio:max{${CLUSTER}}`, "{{cluster}} {{brokerIP}}"]],
      "From 85 % on a broker removes messages before their time; from 90 % on it refuses new ones.",
      { max: 1, ...thresholds("green", [0.85, "orange"], [0.9, "red"]) },
    ),
    lines(
      "Slaves behind",
      "bytes",
      [
        [
          `max by (cluster, broker, brokerIP) (rocketmq_broker_commitlog_diff{${CLUSTER}})`,
          "{{cluster}} {{broker}} {{brokerIP}}",
        ],
      ],
      "Bytes of the master's log that have not reached the slave.",
    ),
    table(
      "Brokers",
      "short",
      [
        `max by (env, cluster, broker, brokerId, brokerIP) (rocketmq_exporter_broker_up{${CLUSTER}})`,
      ],
      {
        env: "Environment",
        cluster: "Cluster",
        broker: "Group",
        brokerId: "Id",
        brokerIP: "Address",
        Value: "Up",
      },
      "Those that the name servers know. Id 0 is the master.",
    ),
    lines(
      "Collections",
      "s",
      [
        [`rocketmq_exporter_collection_duration_seconds{${CLUSTER}}`, "{{cluster}}: all brokers"],
        [
          `topk(5, max by (cluster, broker, brokerId) (rocketmq_exporter_broker_scrape_seconds{${CLUSTER}}))`,
          "{{cluster}}: {{broker}} ({{brokerId}})",
        ],
      ],
      "How long the exporter takes, and the five brokers that take longest.",
    ),
  ],
});
