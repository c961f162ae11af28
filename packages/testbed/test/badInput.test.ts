import { Bed } from "../src/bed";
import { type ConfigValue, flatten } from "../src/configValues";
import { archiveName } from "../src/mirror";
import type { Run, Stack } from "../src/stack";
import { succeeded } from "./support/succeeded";

/**
 * What a person sees who made a mistake, or whose machines are not ready: all of it at once, with
 * the machine and what to do, and nothing half done.
 */
const VERSION = "4.9.3";
const ARCHIVE = archiveName(VERSION);

let bed: Bed;

beforeAll(async () => {
  bed = await Bed.up({
    name: "bad-input",
    net: "10.245.0",
    bridge: "br-b1",
    hosts: 10,
    versions: [VERSION],
  });
  await bed.hosts.add(["h11"], { without: ["python"] });
  await bed.hosts.add(["h12"], { disk: "600M" });
}, 45 * 60_000);

afterAll(() => bed?.down(), 120_000);

/** What Pulumi tells at the end, without the progress before. */
function diagnostics({ text }: Run): string {
  const found = text.slice(text.indexOf("Diagnostics:"));
  // A mistake of the user is not a crash of the program.
  expect(found).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(found).not.toContain("unhandled exception");
  return found;
}

describe("a wrong configuration", () => {
  let tries = 0;

  /** The mistakes in a preview, one a line. */
  async function mistakes(config: { [key: string]: ConfigValue }): Promise<string> {
    const stack = await bed.stack(`config${tries++}`, {});
    await stack.configure(flatten(config));
    const run = await stack.preview();
    expect(run.code).not.toBe(0);
    return diagnostics(run);
  }

  test("is shown with all its mistakes, each with the key and what to write instead", async () => {
    const text = await mistakes({
      version: "4.8.0",
      nameServers: "two",
      nameservers: 2,
      brokerRole: "SLAVE",
      machines: [
        { name: "mq1", address: "10.0.0.1" },
        { name: "mq1", address: "10.0.0.300", role: ["broker"] },
        { name: "mq 3" },
      ],
      ports: { broker: 99999 },
    });
    expect(text).toContain("The cluster's description has 10 mistakes");
    for (const [key, ...words] of [
      ["version", "4.8.0 is not supported", "4.9.3, 4.9.7, 5.3.3, 5.5.0"],
      ["nameServers", 'must be a whole number, not "two"'],
      ["nameservers", "no such key", 'Did you mean "nameServers"?'],
      ["brokerRole", 'must be one of "ASYNC_MASTER", "SYNC_MASTER", not "SLAVE"', "first broker"],
      ["machines[1].name", "name of another machine"],
      ["machines[1].address", "no IPv4 address", "10.0.0.11"],
      ["machines[1].role", "no such key", 'Did you mean "roles"?'],
      ["machines[2].name", "has not the right form"],
      ["machines[2].address", "is missing"],
      ["ports.broker", "at most 65535", "10911"],
    ] as const) {
      const at = text.indexOf(`  ${key}: `);
      expect({ key, found: at >= 0 }).toEqual({ key, found: true });
      const lines = text.slice(at).split("\n").slice(0, 2).join("\n");
      words.forEach((word) => expect(lines).toContain(word));
    }
  });

  test("is checked across keys: one address twice, one port twice, a master without its slave", async () => {
    const text = await mistakes({
      nameServers: 1,
      replicasPerGroup: 1,
      machines: [
        { name: "mq1", address: "10.0.0.1" },
        { name: "mq2", address: "10.0.0.1" },
      ],
      ports: { namesrv: 10911 },
      brokerRole: "SYNC_MASTER",
    });
    expect(text).toMatch(/machines\[1\].address: 10.0.0.1 is the address of another machine too/);
    expect(text).toMatch(/port 10911 of machine "mq1" is used by namesrv-0 and broker-a-0/);
    expect(text).toMatch(/brokerRole: group "a" has no slave that its master could wait for/);
  });
});

describe("machines that are not ready", () => {
  /** Everything that an `up` could have left on a machine but the agent itself. */
  const TRACES =
    "ls -d /opt/rocketmq /data/rocketmq /var/lib/rocketmq-agent /etc/sysctl.d/90-rocketmq.conf " +
    "/etc/systemd/system/mq* 2>/dev/null; getent passwd rocketmq; true";
  const UNTOUCHED = ["h1", "h2", "h3", "h5", "h6", "h7", "h8", "h9", "h10", "h11", "h12"];

  let stack: Stack;
  let settings: { [key: string]: ConfigValue };

  const hostKey = (name: string) =>
    bed.hosts.hosts.find((host) => host.name === name)?.hostKey ?? "";

  /** A name server on every machine named, and one broker, on the last of them. */
  function cluster(names: string[], wrongKeyOf?: string): { [key: string]: ConfigValue } {
    return {
      ...settings,
      nameServers: names.length,
      machines: names.map((name, i) => ({
        name,
        address: bed.address(name),
        roles: i === names.length - 1 ? ["namesrv", "broker"] : ["namesrv"],
        ...(name === wrongKeyOf ? { connection: { hostKey: hostKey("h1") } } : {}),
      })),
    };
  }

  /** The part of the output that tells of one machine. */
  function told(text: string, about: string): string {
    const at = text.indexOf(about);
    expect({ about, found: at >= 0 }).toEqual({ about, found: true });
    return text.slice(at).split("\n").slice(0, 3).join("\n");
  }

  beforeAll(() => {
    settings = {
      clusterName: "test",
      version: VERSION,
      replicasPerGroup: 1,
      connection: { user: "ops", dialErrorLimit: 1, perDialTimeout: 2 },
      package: { mirror: bed.mirrorUrl },
      exporter: { enabled: false },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
    };
  });

  test("are told all in one run, each with its fault and the remedy, and none was touched", async () => {
    await Promise.all([
      bed.hosts.check("h1", "mv /etc/sudoers.d/ops /root/sudoers"),
      bed.hosts.check("h2", "systemd-run --unit=squatter python3 -m http.server 9876"),
      bed.hosts.check(
        "h3",
        "cp /etc/os-release /root/; rm /etc/os-release; printf 'ID=plan9\\nPRETTY_NAME=\"Plan 9\"\\n' >/etc/os-release",
      ),
      bed.hosts.cut("h4"),
      bed.hosts.check("h5", "mv ~ops/.ssh/authorized_keys /root/"),
      bed.hosts.check("h7", "mkdir -p /app/rocketmq/bin /app/rocketmq/lib"),
    ]);
    const only = (host: string) => [Infinity, bed.address(host)] as const;
    const { faults } = bed.mirror;
    faults.add(ARCHIVE, { kind: "clock", offsetSeconds: -7200 }, ...only("h8"));
    faults.add(ARCHIVE, { kind: "missing" }, ...only("h9"));
    faults.add(`${ARCHIVE}.sha512`, { kind: "missing" }, ...only("h10"));

    const all = bed.hosts.hosts.map(({ name }) => name);
    stack = await bed.stack("hosts", cluster(all, "h6"));
    const run = await stack.up({ args: ["--continue-on-error"] });

    expect(run.code).not.toBe(0);
    const text = diagnostics(run);
    for (const [about, ...words] of [
      ["h1: user ops may not become root without a password", "NOPASSWD", "/etc/sudoers.d"],
      ["h2: preflight failed", "port: 9876 (for namesrv-1)", "squatter.service", "stop that"],
      ["h3: preflight failed", "Plan 9 is not supported", "Debian, Ubuntu, RHEL"],
      [
        "h4: no SSH connection to ops@",
        "no SSH connection",
        "Nothing answers there",
        "machine runs",
      ],
      ["h5: no SSH connection to ops@", "unable to authenticate", "authorized_keys"],
      ["h6: no SSH connection to ops@", "host key mismatch", "connection.hostKey", "ssh-keyscan"],
      ["h7: preflight failed", "not ours is in /app/rocketmq", "use another machine"],
      ["h8: preflight failed", "the clock is 7", "ahead of", "timedatectl set-ntp true"],
      ["h9: preflight failed", `no archive at ${bed.mirrorUrl}`, "HTTP 404", "package.mirror"],
      ["h10: preflight failed", "no checksum at", "give the digest in package.sha512"],
      ["h11: no Python 3.6 or later", "install python3"],
      ["h12: preflight failed", "MiB are free below", "mount a larger disk"],
    ] as const) {
      const part = told(text, about);
      words.forEach((word) => expect(part).toContain(word));
    }
    for (const host of UNTOUCHED) {
      expect({ host, left: await bed.hosts.check(host, TRACES) }).toEqual({ host, left: "" });
    }
  });

  test("are ready when what the messages say was done", async () => {
    await Promise.all([
      bed.hosts.check("h1", "mv /root/sudoers /etc/sudoers.d/ops"),
      bed.hosts.check("h2", "systemctl stop squatter"),
      bed.hosts.check("h3", "cp /root/os-release /etc/os-release"),
      bed.hosts.heal("h4"),
      bed.hosts.check("h5", "mv /root/authorized_keys ~ops/.ssh/"),
      bed.hosts.check("h7", "mv /app/rocketmq /root/"),
    ]);
    bed.mirror.faults.clear();
    const mended = bed.hosts.hosts.slice(0, 10).map(({ name }) => name);
    await bed.hosts.down("h11", "h12");
    await bed.reconfigure(stack, cluster(mended));

    const run = await stack.up({ args: ["--target", "**-agent", "--target", "**-preflight"] });

    succeeded(run);
    expect(run.text.match(/-preflight created/g)).toHaveLength(mended.length);
  });

  describe("an archive that is not what it should be", () => {
    const HOSTS = ["h1", "h2"];

    beforeEach(() => bed.mirror.faults.clear());

    /** A version is complete or not there. */
    async function expectNothingInstalled(): Promise<void> {
      for (const host of HOSTS) {
        const left = await bed.hosts.check(
          host,
          "ls -d /opt/rocketmq/versions/* /opt/rocketmq/nodes/* /etc/systemd/system/mq* 2>/dev/null; true",
        );
        expect({ host, left }).toEqual({ host, left: "" });
      }
    }

    test("damaged or cut off on the way: told, and not installed", async () => {
      bed.mirror.faults.add(ARCHIVE, { kind: "corrupt" }, Infinity, bed.address("h1"));
      bed.mirror.faults.add(ARCHIVE, { kind: "truncated", share: 0 }, Infinity, bed.address("h2"));
      await bed.reconfigure(stack, cluster(HOSTS));
      const run = await stack.up({ args: ["--continue-on-error"] });
      expect(run.code).not.toBe(0);
      const text = diagnostics(run);
      const corrupted = told(text, "h1: host failed");
      expect(corrupted).toContain("does not have the SHA-512 that it should have");
      expect(corrupted).toMatch(/expected [0-9a-f]{128}/);
      const truncated = told(text, "h2: host failed");
      expect(truncated).toContain("the connection ended early");
      expect(truncated).toContain("package.file");
      await expectNothingInstalled();
    });

    test("another one than the digest in the configuration: told, and not installed", async () => {
      const sha512 = "0123456789abcdef".repeat(8);
      await bed.reconfigure(stack, {
        ...cluster(HOSTS),
        package: { mirror: bed.mirrorUrl, sha512 },
      });
      const run = await stack.up({ args: ["--continue-on-error"] });
      expect(run.code).not.toBe(0);
      const text = diagnostics(run);
      for (const host of HOSTS) {
        expect(told(text, `${host}: host failed`)).toContain(`expected ${sha512}`);
      }
      await expectNothingInstalled();
    });

    test("with all that mended, the same command completes", async () => {
      await bed.reconfigure(stack, cluster(HOSTS));
      const run = await stack.up();
      succeeded(run);
      expect(await stack.outputs()).toMatchObject({
        namesrvAddr: `${bed.address("h1")}:9876;${bed.address("h2")}:9876`,
        brokerAddresses: { "broker-a-0": `${bed.address("h2")}:10911` },
      });
    });
  });
});
