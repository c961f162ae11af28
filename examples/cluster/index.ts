import * as pulumi from "@pulumi/pulumi";
import { RocketMQCluster } from "pulumi-rocketmq";

const config = new pulumi.Config();
const addresses = config.requireObject<string[]>("addresses");

/** Two groups of a master and a slave; the name servers share machines with brokers. */
const cluster = new RocketMQCluster("orders", {
  clusterName: "orders",
  nameServers: 2,
  brokerGroups: 2,
  replicasPerGroup: 2,
  machines: addresses.map((address, i) => ({ name: `mq${i + 1}`, address })),
  connection: {
    user: config.require("user"),
    privateKey: config.requireSecret("sshKey"),
  },
  // A master answers when its slave has the message, too.
  brokerRole: "SYNC_MASTER",
  brokerConfig: { fileReservedTime: "48" },
  topics: {
    ORDERS: { writeQueueNums: 16, readQueueNums: 16 },
    PAYMENTS: { messageType: "FIFO", order: true },
  },
  subscriptionGroups: { billing: {}, shipping: { retryMaxTimes: 5 } },
});

export const namesrvAddr = cluster.namesrvAddr;
export const brokers = cluster.brokerAddresses;
export const metrics = cluster.exporterEndpoint;
