import { spawnSync } from "node:child_process";
import { script } from "./floor";

const NAMESRVS = ["10.0.0.1", "10.0.0.2"];

test("a broker's script names all name servers and is valid shell", () => {
  const text = script("h4", "10.0.0.4", "http://mirror/dist/rocketmq", NAMESRVS);
  expect(text).toContain("brokerId=1");
  expect(text).toContain("namesrvAddr=10.0.0.1:9876;10.0.0.2:9876");
  expect(spawnSync("bash", ["-n"], { input: text }).status).toBe(0);
});

test("the exporter's host only downloads and unpacks", () => {
  const text = script("h5", "10.0.0.5", "http://mirror/dist/rocketmq", NAMESRVS);
  expect(text).toContain("unzip");
  expect(text).not.toContain("java");
});
