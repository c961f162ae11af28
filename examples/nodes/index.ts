import * as pulumi from "@pulumi/pulumi";
import { BrokerNode, ExporterNode, NamesrvNode } from "pulumi-rocketmq";

const config = new pulumi.Config();

/** What all nodes of a cluster must agree on. */
const common = {
  clusterName: "orders",
  version: "5.5.0",
  connection: {
    user: config.require("user"),
    privateKey: config.requireSecret("sshKey"),
  },
};

/** A machine whose name is the configuration key of its address. */
function host(name: string) {
  return { ...common, machine: { name, address: config.require(name) } };
}

const namesrv = new NamesrvNode("namesrv", { host: host("namesrv") });

// `namesrv.address` is known when the name server answers, so the broker waits for it.
const broker = new BrokerNode("broker", {
  host: host("broker"),
  nameServers: [namesrv.address],
  brokerName: "broker-a",
  replicas: 1,
  flushDiskType: "SYNC_FLUSH",
  topics: { ORDERS: {} },
});

const exporter = new ExporterNode(
  "exporter",
  { host: host("exporter"), nameServers: [namesrv.address] },
  { dependsOn: [broker] },
);

export const namesrvAddr = namesrv.address;
export const brokerAddr = broker.address;
export const metrics = exporter.endpoint;
