export { BrokerNode } from "./brokerNode";
export { ExporterNode } from "./exporterNode";
export { Host } from "./host";
export { NamesrvNode } from "./namesrvNode";
export { RocketMQCluster } from "./rocketMQCluster";
