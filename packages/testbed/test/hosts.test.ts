import * as fs from "node:fs";
import { hostSetFolder, HostSet, run } from "../src/hosts";

jest.setTimeout(5 * 60_000); // the first time, the base tree is built

const SET = { name: "test-hosts", net: "10.242.0", bridge: "br-t2" };
let hosts: HostSet;

beforeAll(async () => {
  await HostSet.remove(SET); // what an interrupted run has left
  hosts = await HostSet.up({ ...SET, count: 2 });
});

afterAll(() => HostSet.remove(SET));

test("two hosts with Java, Python, systemd and a user who may use sudo", async () => {
  expect(hosts.hosts.map(({ name, address }) => [name, address])).toEqual([
    ["h1", "10.242.0.11"],
    ["h2", "10.242.0.12"],
  ]);
  for (const { name } of hosts.hosts) {
    const result = await hosts.ssh(
      name,
      "systemctl is-system-running; java -version 2>&1; python3 --version; sudo -n id -u",
      { user: "ops" },
    );
    expect(result.stdout).toMatch(/^running\nopenjdk version "17\..*\nPython 3\..*\n0\n$/s);
  }
});

test("standard input and exit statuses pass through", async () => {
  const result = await hosts.ssh("h1", "cat; echo wrong >&2; exit 7", { input: "a\nb\n" });
  expect(result).toEqual({ stdout: "a\nb\n", stderr: "wrong\n", code: 7 });
  await expect(hosts.check("h1", "false")).rejects.toThrow("h1: false\nended with 1");
});

test("the key of a host is the one that its sshd shows", async () => {
  const { stdout } = await run("ssh-keyscan", ["-t", "ed25519", "10.242.0.11"]);
  expect(stdout.trim()).toBe(`10.242.0.11 ${hosts.hosts[0]?.hostKey}`);
});

test("a reboot keeps the disk, and `up` again changes nothing", async () => {
  await hosts.check("h1", "echo kept > /root/file");
  const before = await hosts.bootId("h1");
  await hosts.reboot("h1");
  const after = await hosts.bootId("h1");
  expect(after).not.toBe(before);
  expect(await hosts.check("h1", "cat /root/file")).toBe("kept\n");
  const again = await HostSet.up({ ...SET, count: 2 });
  expect(await again.bootId("h1")).toBe(after);
});

test("a cut link, and power loss", async () => {
  await hosts.cut("h1");
  expect((await hosts.ssh("h2", "ping -c1 -W1 h1")).code).toBe(1);
  await hosts.heal("h1");
  await hosts.check("h2", "ping -c1 -W3 h1");
  await hosts.kill("h1");
  expect((await hosts.ssh("h2", "ping -c1 -W1 h1")).code).toBe(1);
  await hosts.start("h1");
  await hosts.check("h2", "ping -c1 -W3 h1");
});

test("a host without Java and Python, and on two networks", async () => {
  await hosts.add(["h3"], { without: ["java", "python"], net2: "10.242.1" });
  expect((await hosts.ssh("h3", "which java python3 python3.11")).stdout).toBe("");
  expect(await hosts.check("h3", "hostname -I")).toBe("10.242.0.13 10.242.1.13 \n");
  expect(hosts.hosts[2]).toMatchObject({ address: "10.242.0.13", address2: "10.242.1.13" });
  await hosts.down("h3");
  expect(hosts.hosts).toHaveLength(2);
});

test("another Java beside Debian's", async () => {
  const home = await hosts.java("h1", 21);
  expect(await hosts.check("h1", `${home}/bin/java -version 2>&1`)).toContain('version "21.');
});

test("down leaves nothing", async () => {
  await hosts.down();
  expect(fs.existsSync(hostSetFolder(SET.name))).toBe(false);
  const { stdout } = await run("bash", [
    "-c",
    "ip link; ip netns; cat /proc/mounts; find /sys/fs/cgroup -maxdepth 3 -name '*br-t2*'; ps -eo args",
  ]);
  const left = stdout.split("\n").filter((line) => /br-t2|\bt2-|test-hosts\//.test(line));
  expect(left).toEqual([]);
});
