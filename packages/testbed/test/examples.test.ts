import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CLONE } from "../src/clone";
import { Stack } from "../src/stack";
import { prepareToolchain, type Toolchain } from "../src/toolchain";

/** Every example can be previewed as it stands, without a machine. */
const SECRET = { sshKey: "a private key" };
const EXAMPLES: Record<string, { config: Record<string, string>; resources: string[] }> = {
  cluster: {
    config: Object.fromEntries([1, 2, 3, 4].map((i) => [`addresses[${i - 1}]`, `10.0.0.${i}`])),
    resources: ["orders-broker-a-1-rollout", "orders-broker-b-0-config", "orders-exporter-service"],
  },
  nodes: {
    config: { namesrv: "10.0.0.1", broker: "10.0.0.2", exporter: "10.0.0.3" },
    resources: ["namesrv-rollout", "broker-host-setup", "exporter-service"],
  },
  "machines-in-program": {
    config: {},
    resources: ["mq3-address", "orders-namesrv-1-config", "orders-broker-a-0-rollout"],
  },
  yaml: {
    config: {},
    resources: [
      "orders-host-mq1-setup",
      "orders-broker-a-0-config",
      "orders-destroy-guard-set-allowDestroy-and-run-pulumi-up-first",
    ],
  },
};

describe("examples", () => {
  let toolchain: Toolchain;
  let folder: string;

  beforeAll(async () => {
    toolchain = await prepareToolchain({ yaml: true });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-examples-"));
    // Copies, so that no stack's configuration is left in the clone, beside what they refer to.
    fs.cpSync(path.join(CLONE, "examples"), path.join(folder, "examples"), {
      recursive: true,
      filter: (file) => path.basename(file) !== "node_modules",
    });
    for (const name of ["packages", "node_modules"]) {
      fs.symlinkSync(path.join(CLONE, name), path.join(folder, name));
    }
  }, 20 * 60_000);

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test("are all here", () => {
    const found = fs
      .readdirSync(path.join(CLONE, "examples"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(found.sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  test.each(Object.keys(EXAMPLES))("%s can be previewed", async (name) => {
    const { config, resources } = EXAMPLES[name] as (typeof EXAMPLES)[string];
    const stack = new Stack(
      toolchain,
      path.join(folder, "examples", name),
      "test",
      path.join(folder, "backend"),
    );
    await stack.select();
    await stack.configure(config, SECRET);
    const { code, text } = await stack.preview();
    expect({ code, text }).toMatchObject({ code: 0 });
    for (const resource of resources) {
      expect(text).toContain(` ${resource} `);
    }
    expect(text).not.toContain(SECRET.sshKey);
  });
});
