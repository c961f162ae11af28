import type { ConsulRegistrationArgs } from "../spec/consul";
import type { Plain } from "../spec/plain";
import { resolveConsul } from "../spec/resolveConsul";
import {
  brokerMetricsService,
  brokerService,
  exporterService,
  namesrvService,
} from "./consulServices";
import { classic, must } from "./testing";

const consul = (args: Partial<Plain<ConsulRegistrationArgs>> = {}) =>
  resolveConsul({ address: "consul:8500", ...args }, "prod");

test("the exporter, as Prometheus' relabelling and checks want it", () => {
  const { exporter } = classic({ clusterName: "orders" });
  expect(exporterService(exporter, consul())).toEqual({
    id: "orders-exporter",
    name: "rocketmq-exporter",
    address: "10.0.0.5",
    port: 5557,
    tags: ["prometheus", "orders"],
    meta: { metrics_path: "/metrics", cluster: "orders", env: "prod", role: "exporter" },
    check: { http: "http://10.0.0.5:5557/healthz", interval: 10 },
  });
  const jar = { ...exporter, exporter: { ...exporter.exporter, source: "jar" as const } };
  expect(exporterService(jar, consul()).check).toEqual({ tcp: "10.0.0.5:5557", interval: 10 });
});

test("a name server under its cluster's name, so that DNS finds all of them", () => {
  const { namesrvs } = classic({ clusterName: "orders" });
  expect(namesrvService(must(namesrvs[1]), consul())).toEqual({
    id: "orders-namesrv-1",
    name: "rocketmq-namesrv",
    address: "10.0.0.2",
    port: 9876,
    tags: ["orders"],
    meta: { cluster: "orders", env: "prod", role: "namesrv" },
    check: { tcp: "10.0.0.2:9876", interval: 10 },
  });
});

test("a broker at the address that clients use, and which of its group it is", () => {
  const { brokers } = classic({
    clusterName: "orders",
    groups: [{ key: "a", brokerName: "west", machines: ["b1", "b2"] }],
  });
  const [master, slave] = brokers.map(({ addresses, ...rest }) =>
    brokerService({ ...rest, addresses: { ...addresses, advertise: "1.2.3.4" } }, consul()),
  );
  expect(master).toEqual({
    id: "orders-broker-a-0",
    name: "rocketmq-broker",
    address: "1.2.3.4",
    port: 10911,
    tags: ["orders", "master"],
    meta: { cluster: "orders", env: "prod", role: "broker", broker: "west", broker_id: "0" },
    check: { tcp: "1.2.3.4:10911", interval: 10 },
  });
  expect(slave).toMatchObject({
    id: "orders-broker-a-1",
    tags: ["orders", "slave"],
    meta: { broker: "west", broker_id: "1" },
  });
});

test.each([
  ["on their port of the library's", { metricsExporterType: "PROM" }, 10913],
  ["on the user's", { metricsExporterType: "PROM", metricsPromExporterPort: "5560" }, 5560],
])("a broker's own metrics %s", (_, brokerConfig, port) => {
  const { brokers } = classic({ clusterName: "orders", brokerConfig });
  expect(brokerMetricsService(must(brokers[0]), consul())).toEqual({
    id: "orders-broker-a-0-metrics",
    name: "rocketmq-broker-metrics",
    address: "10.0.0.3",
    port,
    tags: ["prometheus", "orders"],
    meta: {
      metrics_path: "/metrics",
      cluster: "orders",
      env: "prod",
      role: "broker",
      broker: "broker-a",
      broker_id: "0",
    },
    check: { tcp: `10.0.0.3:${port}`, interval: 10 },
  });
});

test("the user's tags stand beside ours, once, and the user's metadata over ours", () => {
  const { namesrvs } = classic({ clusterName: "orders" });
  const given = { tags: ["blue", "orders"], meta: { cluster: "mine", rack: "7" } };
  expect(namesrvService(must(namesrvs[0]), consul(given))).toMatchObject({
    tags: ["orders", "blue"],
    meta: { cluster: "mine", env: "prod", role: "namesrv", rack: "7" },
  });
});
