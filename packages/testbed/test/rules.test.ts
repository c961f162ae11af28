import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { run } from "../src/hosts/run";
import {
  dashboardQueries,
  impatientRules,
  OBSERVABILITY,
  preparePrometheus,
} from "../src/prometheus";

/** Prometheus' own tool on the alert rules, their unit tests and the dashboards' queries. */
describe("promtool", () => {
  let promtool: string | undefined;
  let folder: string;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-rules-"));
    const prepared = await preparePrometheus();
    if ("missing" in prepared) {
      process.stderr.write(`the alert rules are not checked: ${prepared.missing}\n`);
    } else {
      promtool = prepared.promtool;
    }
  }, 300_000);

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function accepts(...args: string[]): Promise<void> {
    if (promtool !== undefined) {
      const { code, stdout, stderr } = await run(promtool, args);
      expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
    }
  }

  const written = (name: string, content: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    return file;
  };

  const rules = (name: string) => path.join(OBSERVABILITY, "prometheus", name);

  test("takes the rules", () => accepts("check", "rules", rules("rocketmq.rules.yml")));

  test("takes the rules that the tests on real hosts use", () =>
    accepts("check", "rules", written("impatient.yml", impatientRules())));

  test("finds that each alert fires when it should, and only then", () =>
    accepts("test", "rules", rules("rocketmq.rules.test.yml")));

  test("takes every query of the dashboards", () => {
    const queries = dashboardQueries().map(({ expr }, i) => ({ record: `query:${i}`, expr }));
    expect(queries.length).toBeGreaterThan(50);
    return accepts(
      "check",
      "rules",
      written("dashboards.yml", JSON.stringify({ groups: [{ name: "all", rules: queries }] })),
    );
  });

  test("notices a rule that is none", async () => {
    if (promtool !== undefined) {
      const broken = { groups: [{ name: "g", rules: [{ alert: "A", expr: "up ==" }] }] };
      const { code } = await run(promtool, [
        "check",
        "rules",
        written("broken.yml", JSON.stringify(broken)),
      ]);
      expect(code).not.toBe(0);
    }
  });
});
