import { CLUSTER, dashboard, lines, row, stat, thresholds, variable } from "./parts.mjs";

/**
 * A runtime figure of the chosen groups' masters. Those series know only the broker's address:
 * which group that is, is what `broker_up` (which is 1) adds.
 */
const figure = (name) =>
  `rocketmq_brokeruntime_${name}{${CLUSTER}} * on (env, cluster, brokerIP) group_left (broker) rocketmq_exporter_broker_up{${CLUSTER}, broker=~"$broker", brokerId="0"}`;
const LEGEND = "{{broker}} {{brokerIP}}";

const one = (title, unit, name, description, fieldConfig) =>
  lines(title, unit, [[figure(name), LEGEND]], description, fieldConfig);

/** How many messages were stored in which time, slowest last. */
const TIMES = [
  ["0ms", "0 ms"],
  ["0to10ms", "up to 10 ms"],
  ["10to50ms", "10 to 50 ms"],
  ["50to100ms", "50 to 100 ms"],
  ["100to200ms", "100 to 200 ms"],
  ["200to500ms", "200 to 500 ms"],
  ["500to1s", "0.5 to 1 s"],
  ["1to2s", "1 to 2 s"],
  ["2to3s", "2 to 3 s"],
  ["3to4s", "3 to 4 s"],
  ["4to5s", "4 to 5 s"],
  ["5to10s", "5 to 10 s"],
  ["10stomore", "more"],
];

export default dashboard({
  uid: "rocketmq-broker",
  title: "RocketMQ: brokers",
  description: "The masters of the chosen groups from inside: queues, disk, log, replicas.",
  variables: [
    variable("broker", "Broker group", "broker", `rocketmq_exporter_broker_up{${CLUSTER}}`),
  ],
  panels: [
    stat(
      "Brokers up",
      "short",
      `sum(rocketmq_exporter_broker_up{${CLUSTER}, broker=~"$broker"})`,
      "Masters and slaves of the chosen groups.",
    ),
    stat(
      "Put today",
      "short",
      `sum(${figure("msg_put_total_today_now")} - on (env, cluster, brokerIP, broker) ${bracket(figure("msg_puttotal_todaymorning"))})`,
      "Messages put since midnight, by the broker's clock.",
    ),
    stat(
      "Message size",
      "bytes",
      `avg(${figure("put_message_average_size")})`,
      "Mean of all since the broker started.",
    ),
    stat(
      "Slowest store",
      "ms",
      `max(${figure("putmessage_entire_time_max")})`,
      "The longest that a message has taken to be stored since the broker started.",
      thresholds("green", [500, "orange"], [1000, "red"]),
    ),
    stat(
      "Disk used",
      "percentunit",
      `max(rocketmq:disk_ratio:max{${CLUSTER}} * on (env, cluster, brokerIP) group_left (broker) rocketmq_exporter_broker_up{${CLUSTER}, broker=~"$broker", brokerId="0"})`,
      "The fullest disk of the chosen masters.",
      thresholds("green", [0.8, "orange"], [0.87, "red"]),
    ),
    stat(
      "Free",
      "bytes",
      `min(${figure("commitlogdir_capacity_free")})`,
      "Room on the disk of the log, where it is least.",
    ),

    row("Requests"),
    lines(
      "Put",
      "mps",
      [
        [figure("put_tps10"), `${LEGEND} 10 s`],
        [figure("put_tps600"), `${LEGEND} 10 min`],
      ],
      "Messages put a second.",
    ),
    lines(
      "Got",
      "mps",
      [
        [figure("gettransfered_tps10"), `${LEGEND} 10 s`],
        [figure("gettransfered_tps600"), `${LEGEND} 10 min`],
      ],
      "Messages handed out a second.",
    ),
    one(
      "Oldest send in the queue",
      "ms",
      "send_threadpoolqueue_headwait_timemills",
      "How long the next send has waited. Beyond waitTimeMillsInSendQueue (200 in RocketMQ, 1000 as this project sets it) it is refused.",
      thresholds("green", [100, "orange"], [1000, "red"]),
    ),
    lines(
      "Requests waiting",
      "short",
      [
        [figure("send_threadpool_queue_size"), `${LEGEND} send`],
        [figure("pull_threadpoolqueue_size"), `${LEGEND} pull`],
        [figure("query_threadpoolqueue_size"), `${LEGEND} query`],
      ],
      "In the queues before the broker's threads.",
    ),
    lines(
      "Time to store a message",
      "short",
      TIMES.map(([name, legend]) => [
        `sum(rate(rocketmq_brokeruntime_pmdt_${name}{${CLUSTER}}[$__rate_interval]) * on (env, cluster, brokerIP) group_left (broker) rocketmq_exporter_broker_up{${CLUSTER}, broker=~"$broker", brokerId="0"})`,
        legend,
      ]),
      "Messages a second by the time that they took.",
      {},
      { stacked: true },
    ),
    lines(
      "99 % and 99.9 % of puts",
      "ms",
      [
        [`${bracket(figure("put_latency_99"))} >= 0`, `${LEGEND} 99 %`],
        [`${bracket(figure("put_latency_999"))} >= 0`, `${LEGEND} 99.9 %`],
      ],
      "Where the broker measures it: RocketMQ 5.",
    ),

    row("Log"),
    one(
      "Stored, not in a queue yet",
      "bytes",
      "dispatch_behind_bytes",
      "Consumers do not see these messages yet.",
    ),
    one(
      "Not on the disk yet",
      "bytes",
      "remain_howmanydata_toflush",
      "What a power failure would take from this machine.",
    ),
    lines(
      "Log kept",
      "bytes",
      [
        [
          `${figure("commitlog_maxoffset")} - on (env, cluster, brokerIP, broker) ${bracket(figure("commitlog_minoffset"))}`,
          LEGEND,
        ],
      ],
      "Bytes from the oldest message to the newest.",
    ),
    lines(
      "Disk used",
      "percentunit",
      [
        [figure("commitlog_disk_ratio"), `${LEGEND} log`],
        [figure("consumequeue_disk_ratio"), `${LEGEND} queues`],
      ],
      "From 85 % on messages go before their time; from 90 % on new ones are refused.",
      { max: 1, ...thresholds("green", [0.85, "orange"], [0.9, "red"]) },
    ),
    lines(
      "Slaves behind",
      "bytes",
      [
        [
          `max by (cluster, broker, brokerIP) (rocketmq_broker_commitlog_diff{${CLUSTER}, broker=~"$broker"})`,
          LEGEND,
        ],
      ],
      "Bytes of the master's log that have not reached the slave.",
    ),
    one(
      "Page cache lock",
      "ms",
      "pagecache_lock_time_mills",
      "How long the write in progress has held the log: a slow disk. Above osPageCacheBusyTimeOutMills every send is refused.",
    ),
  ],
});

function bracket(expr) {
  return `(${expr})`;
}
