import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { Browser } from "../../src/browser";
import { type Client, prepareClient } from "../../src/client";
import type { Stack } from "../../src/stack";
import { commandLine } from "../support/commandLine";

/**
 * `pulumi-rocketmq status` of a real cluster, and its page in a real browser. With
 * STATUS_SCREENSHOTS=FOLDER the pictures of the documentation are made anew.
 */
const TOPIC = "ORDERS";
const PATIENCE = 3 * 60_000;

interface Shown {
  clusters: {
    health: string;
    askedFrom: string;
    findings: { level: string; subject: string; text: string }[];
    nameServers: { id: string; state: string; version?: string }[];
    groups: { state: string; brokers: { id: string; state: string; diskRatio?: number }[] }[];
    exporter: { state: string };
    consumers: { group: string; topic: string; unread: number }[];
  }[];
}

describe("pulumi-rocketmq status", () => {
  let bed: Bed;
  let client: Client;
  let stack: Stack;
  let browser: Browser;
  let page: string;

  beforeAll(async () => {
    browser = await Browser.start();
    client = await prepareClient();
    bed = await Bed.up({
      name: "status",
      net: "10.235.0",
      bridge: "br-rmq-st",
      hosts: 2,
      versions: ["5.5.0"],
    });
    page = path.join(bed.folder, "status.html");
    stack = await bed.stack("status", {
      clusterName: "orders",
      version: "5.5.0",
      nameServers: 2,
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      package: { mirror: bed.mirrorUrl },
      topics: { [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 } },
      subscriptionGroups: { billing: {} },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
    });
    const { code, text } = await stack.up();
    if (code !== 0) {
      throw new Error(`there is no cluster to look at:\n${text}`);
    }
  }, 45 * 60_000);

  afterAll(async () => {
    await browser?.stop();
    await bed?.down();
  }, 120_000);

  /** Asks until the answer is good; the last answer if it never is. */
  async function eventually(good: (shown: Shown["clusters"][0]) => boolean) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const run = await commandLine(stack, "status", "--json", "--html", page);
      expect(run.stderr).toBe("");
      const [cluster] = (JSON.parse(run.stdout) as Shown).clusters;
      if (cluster === undefined) {
        throw new Error("no cluster is shown");
      }
      if (good(cluster) || Date.now() > until) {
        return { code: run.code, cluster };
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  /** What holds for the page whatever it shows; keeps a picture where one is asked for. */
  async function looksRight(name: string): Promise<void> {
    for (const scheme of ["light", "dark"] as const) {
      for (const width of [1160, 400]) {
        await browser.open(page, { width, height: 900, scheme });
        expect(await browser.evaluate("document.documentElement.scrollWidth")).toBe(width);
        // No text leaves its box, and none lies on another.
        expect(await browser.evaluate(OVERFLOWING)).toEqual([]);
        const folder = process.env["STATUS_SCREENSHOTS"];
        if (folder !== undefined && width > 400) {
          const height = await browser.evaluate<number>("document.documentElement.scrollHeight");
          await browser.screenshot(path.join(folder, `${name}-${scheme}.png`), width, height);
        }
      }
    }
    const dark = await browser.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await browser.open(page, { width: 1160, height: 900, scheme: "light" });
    const light = await browser.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    expect(light).not.toBe(dark);
    expect(browser.complaints).toEqual([]);
  }

  const text = (selector: string) =>
    browser.evaluate<string[]>(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((e) => e.textContent.trim())`,
    );

  test("a healthy cluster: 0, everything in sync, unread messages by group", async () => {
    const group = { namesrv: `${bed.address("h1")}:9876`, topic: TOPIC };
    await client.produce({ ...group, count: 20, sendTimeout: 20_000 });
    await client.consume({ ...group, group: "billing", count: 20, timeout: 60 });
    await client.produce({ ...group, count: 7, sendTimeout: 20_000 });
    // The place of a group is stored every few seconds.
    const { code, cluster } = await eventually(
      ({ health, consumers }) =>
        health === "ok" && consumers.some((one) => one.group === "billing" && one.unread === 7),
    );
    expect(cluster).toMatchObject({
      health: "ok",
      askedFrom: "h1",
      nameServers: [
        { id: "namesrv-0", state: "up", version: "5.5.0" },
        { id: "namesrv-1", state: "up", version: "5.5.0" },
      ],
      groups: [
        {
          state: "takes messages",
          brokers: [
            { id: "broker-a-0", state: "up", version: "5.5.0" },
            { id: "broker-a-1", state: "in sync", version: "5.5.0" },
          ],
        },
      ],
      exporter: { state: "up" },
    });
    expect(cluster.groups[0]?.brokers[0]?.diskRatio).toBeGreaterThan(0);
    expect(code).toBe(0);
    const terminal = await commandLine(stack, "status");
    expect(terminal.code).toBe(0);
    expect(terminal.stdout).toMatch(/^✓ orders: all is well/);
    expect(terminal.stdout).toMatch(/✓ broker-a-1 +broker-a +slave .* in sync/);
    expect(terminal.stdout).toMatch(/billing +ORDERS +7 +0 +nobody reads/);
  });

  test("its page in a browser", async () => {
    await looksRight("status");
    expect(await text(".banner h2")).toEqual(["✓ orders: all is well"]);
    expect(await text("svg .box.ok ~ .name")).toEqual([
      "namesrv-0",
      "namesrv-1",
      "exporter",
      "broker-a-0",
      "broker-a-1",
    ]);
    expect((await text("svg > title"))[0]).toBe("Topology of cluster orders: all is well");
    expect((await text("svg > desc"))[0]).toContain("slave broker-a-1: in sync.");
  });

  test("a dead master, and a name server that is away: 2, and the page says what", async () => {
    await bed.hosts.check("h2", "systemctl stop mqnamesrv");
    const master = (await eventually(() => true)).cluster.groups[0]?.brokers[0]?.id ?? "";
    expect(master).toBe("broker-a-0");
    await bed.hosts.check(masterHost(), "systemctl stop mqbroker@broker-a-0");
    const { code, cluster } = await eventually(({ findings }) => findings.length >= 3);
    expect(code).toBe(2);
    expect(cluster.findings.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        "group broker-a",
        `broker-a-0 on ${masterHost()}`,
        "namesrv-1 on h2",
      ]),
    );
    await looksRight("status-faults");
    expect((await text(".banner h2"))[0]).toMatch(/^✗ orders: \d faults$/);
    expect(await text("svg .box.bad ~ .name")).toEqual(["namesrv-1", "broker-a-0"]);
    expect(await text("main p")).toContain(
      "Not known of broker-a: only a master knows what is unread.",
    );
  });

  test("where the first machine cannot be asked the next one is", async () => {
    await bed.hosts.check("h2", "systemctl start mqnamesrv");
    await bed.hosts.check(masterHost(), "systemctl start mqbroker@broker-a-0");
    await bed.hosts.check("h1", "mv ~ops/.rocketmq-agent ~ops/.away");
    const { cluster } = await eventually(({ askedFrom }) => askedFrom === "h2");
    await bed.hosts.check("h1", "mv ~ops/.away ~ops/.rocketmq-agent");
    expect(cluster.findings).toContainEqual(
      expect.objectContaining({
        subject: "h1",
        text: expect.stringContaining("the agent that an earlier run put there is gone") as string,
      }),
    );
    const back = await eventually(({ health }) => health === "ok");
    expect(back.code).toBe(0);
  });

  test("a file that cannot be written is an error, not a fault of the cluster", async () => {
    const run = await commandLine(stack, "status", "--html", "/nowhere/status.html");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("--html /nowhere/status.html");
    expect(fs.existsSync(page)).toBe(true);
  });

  /** Where the topology has put the master of the group. */
  function masterHost(): string {
    const html = fs.readFileSync(page, "utf8");
    return (
      /<td>broker-a-0<\/td>\s*<td>broker-a<\/td>\s*<td>[^<]*<\/td>\s*<td>(h\d)<\/td>/.exec(
        html,
      )?.[1] ?? ""
    );
  }
});

/** Texts of the picture that stick out of the box or frame that they are drawn in. */
const OVERFLOWING = `[...document.querySelectorAll("svg g")].flatMap((g) => {
  const box = g.querySelector(":scope > rect");
  if (!box) return [];
  const outer = box.getBoundingClientRect();
  return [...g.querySelectorAll(":scope > text")]
    .filter((text) => {
      const inner = text.getBoundingClientRect();
      return inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1;
    })
    .map((text) => text.textContent);
})`;
