import { spawnSync } from "node:child_process";
import * as path from "node:path";

/**
 * 100 simulated brokers, 1,000 topics and 1,000 consumer groups; the agent's own tests have it small.
 */
test("the exporter serves a large cluster", () => {
  const agent = path.resolve(__dirname, "../../../rocketmq/agent");
  const run = spawnSync("python3", ["-m", "unittest", "-v", "test_exporter_scale"], {
    cwd: path.join(agent, "tests"),
    env: { ...process.env, PYTHONPATH: agent, ROCKETMQ_AGENT_LARGE_TESTS: "1" },
    encoding: "utf8",
  });
  const figures = run.stderr.split("\n").filter((line) => / (s|ms)$/.test(line));
  console.info(figures.join("\n"));
  expect({ code: run.status, text: run.stderr }).toMatchObject({ code: 0 });
}, 900_000);
