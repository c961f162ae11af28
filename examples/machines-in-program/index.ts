import * as pulumi from "@pulumi/pulumi";
import { RocketMQCluster } from "pulumi-rocketmq";
import { Machine } from "./machine";

const config = new pulumi.Config();
const names = ["mq1", "mq2", "mq3"];
const machines = names.map((name) => ({ name, made: new Machine(name) }));

/**
 * The names of the machines are known, so the whole plan is; their addresses come later. Checks
 * wait for machines that still boot, and for package managers that cloud-init keeps busy.
 */
const cluster = new RocketMQCluster("orders", {
  nameServers: 2,
  brokerGroups: 1,
  replicasPerGroup: 2,
  machines: machines.map(({ name, made }) => ({ name, address: made.privateIp })),
  connection: { user: "ubuntu", privateKey: config.requireSecret("sshKey") },
});

/** For whatever else the program makes: known when the name servers answer. */
export const namesrvAddr = cluster.namesrvAddr;
