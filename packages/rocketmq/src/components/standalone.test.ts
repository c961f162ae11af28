import { BrokerNode } from "./brokerNode";
import { ExporterNode } from "./exporterNode";
import { NamesrvNode } from "./namesrvNode";
import { promiseOf, Recorder } from "./testing";

const host = {
  machine: { name: "h1", address: "10.0.0.1" },
  connection: { privateKey: "key" },
};

test("a name server on its own brings its host", async () => {
  const recorder = new Recorder();
  const node = new NamesrvNode("ns", { host });
  await recorder.settle();
  expect(recorder.resources.map(({ name }) => name).sort()).toEqual([
    "ns",
    "ns-config",
    "ns-host",
    "ns-host-agent",
    "ns-host-preflight",
    "ns-host-setup",
    "ns-place",
    "ns-rollout",
  ]);
  expect(recorder.document("ns-host-preflight")["ports"]).toEqual({ "9876": "namesrv-0" });
  expect(await promiseOf(node.address)).toBe("10.0.0.1:9876");
});

test("a broker on its own", async () => {
  const recorder = new Recorder();
  const node = new BrokerNode("b", { host, nameServers: ["10.0.0.9:9876"], replicas: 1 });
  await recorder.settle();
  expect(recorder.document("b-config")).toMatchObject({
    node: "broker-a-0",
    identity: { brokerName: "broker-a", brokerId: 0 },
    namesrv: ["10.0.0.9:9876"],
  });
  expect(await promiseOf(node.address)).toBe("10.0.0.1:10911");
});

test("an exporter on its own, with and without Consul", async () => {
  const recorder = new Recorder();
  const node = new ExporterNode("e", { host, nameServers: ["10.0.0.9:9876"] });
  await recorder.settle();
  expect(await promiseOf(node.consulServiceName)).toBe("");
  expect(recorder.resources.some(({ type }) => type.startsWith("consul:"))).toBe(false);
});

test("a name server and a broker on their own are registered where Consul is given", async () => {
  const recorder = new Recorder();
  const consul = { address: "consul:8500" };
  const namesrv = new NamesrvNode("ns", { host, consul, environment: "test" });
  const broker = new BrokerNode("b", { host, nameServers: ["10.0.0.9:9876"], replicas: 1, consul });
  const metrics = new BrokerNode("m", {
    host,
    nameServers: ["10.0.0.9:9876"],
    replicas: 1,
    brokerConfig: { metricsExporterType: "PROM" },
    consul: { ...consul, services: ["brokerMetrics"] },
  });
  await recorder.settle();
  expect(await promiseOf(namesrv.consulServiceName)).toBe("rocketmq-namesrv");
  expect(await promiseOf(broker.consulServiceName)).toBe("rocketmq-broker");
  expect(await promiseOf(metrics.consulServiceName)).toBe("");
  const services = recorder.resources.filter(({ type }) => type === "consul:index/service:Service");
  expect(services.map(({ name }) => name).sort()).toEqual([
    "b-consul-service",
    "m-consul-metrics",
    "ns-consul-service",
  ]);
  expect(recorder.named("ns-consul-service").inputs["meta"]).toEqual({
    cluster: "DefaultCluster",
    env: "test",
    role: "namesrv",
  });
});

test("mistakes of a node are refused in its constructor", async () => {
  const recorder = new Recorder();
  expect(() => new BrokerNode("b", { host, nameServers: ["nowhere"], port: 99999 })).toThrow(
    /port/,
  );
  await recorder.settle();
});
