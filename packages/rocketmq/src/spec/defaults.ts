/** Defaults are a contract: changing one changes what a second run of the same program does. */
export const DEFAULTS = {
  clusterName: "DefaultCluster",
  user: "rocketmq",
  nameServers: 2,
  brokerGroups: 1,
  replicasPerGroup: 2,
  brokersPerMachine: 1,
  maxUnavailable: 1,
  ports: { namesrv: 9876, broker: 10911 },
  paths: { deploy: "/opt/rocketmq", data: "/data/rocketmq" },
  brokerRole: "ASYNC_MASTER",
  flushDiskType: "ASYNC_FLUSH",
  stepTimeout: "30m",
  /** pollNameServerInterval of RocketMQ's clients. */
  drainSeconds: 30,
  /** What a consumer that is behind by some minutes needs; longer waits go on at the next update. */
  decommissionSeconds: 900,
  transparentHugepage: "madvise",
  exporter: { source: "builtin", port: 5557, path: "/metrics", intervalSeconds: 15 },
  consulServiceNames: {
    exporter: "rocketmq-exporter",
    namesrv: "rocketmq-namesrv",
    broker: "rocketmq-broker",
    brokerMetrics: "rocketmq-broker-metrics",
  },
  consulThrough: "catalog",
  topic: { readQueueNums: 8, writeQueueNums: 8, perm: 6, order: false },
  subscriptionGroup: {
    consumeEnable: true,
    consumeBroadcastEnable: true,
    consumeMessageOrderly: false,
    retryQueueNums: 1,
    retryMaxTimes: 16,
  },
} as const;
