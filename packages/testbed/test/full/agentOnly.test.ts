import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { CLONE } from "../../src/clone";
import { startTimes } from "../../src/processes";
import { nothingChanged, type Stack } from "../../src/stack";
import { drift } from "../support/drift";
import { succeeded } from "../support/succeeded";

/** What is not about RocketMQ restarts nothing: another agent, another SSH key. */
describe("a library with another agent", () => {
  let bed: Bed;
  let stack: Stack;
  let folder: string;

  beforeAll(async () => {
    bed = await Bed.up({
      name: "agent-only",
      net: "10.233.3",
      bridge: "br-rmq-rd",
      hosts: 1,
      versions: ["5.5.0"],
    });
    stack = await bed.stack("agent", {
      version: "5.5.0",
      nameServers: 1,
      brokerGroups: 1,
      replicasPerGroup: 1,
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      package: { mirror: bed.mirrorUrl },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
    });
    folder = path.join(bed.folder, "agent");
    ownCopy(folder);
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  /** Gives the project a copy of the library; everything else stays linked to the clone. */
  function ownCopy(project: string): void {
    for (const name of ["packages", "node_modules"]) {
      fs.unlinkSync(path.join(project, name));
      fs.mkdirSync(path.join(project, name));
    }
    for (const name of ["rocketmq", "program"]) {
      fs.cpSync(path.join(CLONE, "packages", name), path.join(project, "packages", name), {
        recursive: true,
        filter: (source) => path.basename(source) !== "node_modules",
      });
    }
    for (const name of fs.readdirSync(path.join(CLONE, "node_modules"))) {
      const library = name === "pulumi-rocketmq";
      const target = path.join(
        ...(library ? [project, "packages", "rocketmq"] : [CLONE, "node_modules", name]),
      );
      fs.symlinkSync(target, path.join(project, "node_modules", name));
    }
  }

  /** Builds the copy's agent with one file more, which nothing reads. */
  function rebuild(file: string): void {
    const library = path.join(folder, "packages", "rocketmq");
    fs.writeFileSync(path.join(library, "agent", "rocketmq_agent", file), '"""Nothing."""\n');
    execFileSync("node", ["build.mjs"], { cwd: library });
  }

  async function up(): Promise<void> {
    const { code, text } = await stack.up();
    if (code !== 0) {
      throw new Error(text);
    }
  }

  const states = async () => ({
    ...(await startTimes(bed.hosts)),
    exporter: await bed.hosts.check("h1", "systemctl show -p MainPID --value mqexporter"),
  });

  test("is uploaded, and no process restarts", async () => {
    await up();
    const before = await states();
    expect(Object.keys(before)).toHaveLength(3);
    rebuild("harmless.py");
    await up();
    const { same, ...changed } = await stack.lastChanges();
    expect(changed).toEqual({ update: 1 });
    expect(same).toBeGreaterThan(5);
    expect(await states()).toEqual(before);

    // The next change is made by the new one, and costs what it costs.
    await bed.configure(stack, { brokerConfig: { fileReservedTime: "49" } });
    await up();
    await bed.hosts.check("h1", "ls /var/lib/rocketmq-agent/lib/*/rocketmq_agent/harmless.py");
    expect(await states()).toEqual(before);
  });

  test("and a new SSH key says so, and does nothing", async () => {
    const before = await states();
    const key = path.join(bed.folder, "rotated");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const authorized = "/home/ops/.ssh/authorized_keys";
    await bed.hosts.check("h1", `cat > ${authorized}`, {
      input: fs.readFileSync(`${key}.pub`, "utf8"),
    });
    const secret = { "connection.privateKey": fs.readFileSync(key, "utf8") };
    await stack.configure({}, secret);
    const preview = await stack.preview();
    for (const node of ["h1", "namesrv-0", "broker-a-0", "exporter"]) {
      expect(preview.text).toContain(`${node}: connection only, no restart`);
    }
    expect(preview.text).not.toMatch(/: restarts|applied online|rolling restart/);
    const run = await stack.up();
    expect(run).toMatchObject({ code: 0 });
    expect(run.text).not.toContain("stopping");
    expect(await states()).toEqual(before);
    succeeded(await stack.up());
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
  });

  test("and another time to stop is systemd's alone", async () => {
    const before = await states();
    await stack.configure({ "timeouts.stop": "301" });
    expect((await stack.preview()).text).toContain(
      "broker-a-0: unit.stopTimeout 300 -> 301, applied online",
    );
    await up();
    const shown = "systemctl show -p TimeoutStopUSec --value mqbroker@broker-a-0";
    expect((await bed.hosts.check("h1", shown)).trim()).toBe("5min 1s");
    expect(await states()).toEqual(before);
    expect(await drift(stack)).toMatchObject({ code: 0 });
  });
});
