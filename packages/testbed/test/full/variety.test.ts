import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { type Client, prepareClient } from "../../src/client";
import { CLONE } from "../../src/clone";
import { type ConfigValue, flatten } from "../../src/configValues";
import { archivePath, prepareDistributions } from "../../src/mirror";
import { nothingChanged, Stack } from "../../src/stack";
import { succeeded } from "../support/succeeded";

/** The paths beside the main road, several of them in one cluster, since they do not meet. */
const SMALL = {
  namesrvJvm: { heapMb: 96 },
  brokerJvm: { heapMb: 256, directMemoryMb: 192 },
};

/** A first send loads classes on both sides, which on a busy machine takes longer than 3 s. */
const PATIENT = { sendTimeout: 20_000 };

const NET2 = "10.245.1";

let bed: Bed;
let client: Client;

beforeAll(async () => {
  client = await prepareClient();
  bed = await Bed.up({
    name: "variety",
    net: "10.245.0",
    bridge: "br-b1",
    hosts: 2,
    versions: ["4.9.3", "5.5.0"],
    hostOptions: { net2: NET2 },
  });
}, 45 * 60_000);

afterAll(() => bed?.down(), 120_000);

async function lines(host: string, command: string): Promise<string[]> {
  return (await bed.hosts.check(host, command)).trim().split("\n");
}

describe("two machines with two brokers each, reached and fed in uncommon ways", () => {
  const PASSWORD = "correct horse battery staple";
  let stack: Stack;
  let deployed = false;

  /**
   * A stand-in for Apache's exporter, which nobody publishes: it takes the same arguments and
   * serves them, so that what reaches the program can be seen.
   */
  function standInJar(folder: string): { file: string; sha512: string } {
    fs.mkdirSync(folder);
    fs.writeFileSync(
      path.join(folder, "StandIn.java"),
      `import java.net.*;
       public class StandIn {
         public static void main(String[] args) throws Exception {
           int port = 0;
           StringBuilder body = new StringBuilder();
           for (String arg : args) {
             if (arg.startsWith("--server.port=")) port = Integer.parseInt(arg.substring(14));
             body.append("rocketmq_stand_in{argument=\\"" + arg + "\\"} 1\\n");
           }
           try (ServerSocket server = new ServerSocket(port)) {
             while (true) {
               try (Socket socket = server.accept()) {
                 socket.getInputStream().read(new byte[4096]);
                 socket.getOutputStream().write(
                   ("HTTP/1.0 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\n" + body).getBytes());
               } catch (java.io.IOException e) { }
             }
           }
         }
       }`,
    );
    execFileSync("javac", ["--release", "11", "StandIn.java"], { cwd: folder });
    execFileSync("jar", ["cfe", "stand-in-exporter.jar", "StandIn", "StandIn.class"], {
      cwd: folder,
    });
    const file = path.join(folder, "stand-in-exporter.jar");
    return { file, sha512: digest(file) };
  }

  function digest(file: string): string {
    return createHash("sha512").update(fs.readFileSync(file)).digest("hex");
  }

  test("are deployed: pushed archive, password, bastion, second network, Java 21, a jar", async () => {
    const archive = archivePath(await prepareDistributions(["5.5.0"]), "5.5.0");
    const homes = await Promise.all(["h1", "h2"].map((host) => bed.hosts.java(host, 21)));
    await bed.hosts.check(
      "h1",
      "useradd -m -s /bin/bash guest && echo 'guest ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/guest && chpasswd",
      { input: `guest:${PASSWORD}` },
    );
    stack = await bed.stack("crosswise", {
      clusterName: "crosswise",
      version: "5.5.0",
      nameServers: 1,
      brokerGroups: 2,
      replicasPerGroup: 2,
      brokersPerMachine: 2,
      brokerRole: "SYNC_MASTER",
      flushDiskType: "SYNC_FLUSH",
      brokerConfig: { metricsExporterType: "PROM" },
      machines: bed.hosts.hosts.map(({ name, address, address2 }) => ({
        name,
        address,
        advertise: address2 ?? "",
        connection: (name === "h1"
          ? { user: "guest" }
          : { bastion: { host: bed.address("h1") } }) as ConfigValue,
      })),
      package: { file: archive, sha512: digest(archive) },
      java: { home: homes[0] ?? "" },
      topics: { ORDERS: { writeQueueNums: 4, readQueueNums: 4 } },
      subscriptionGroups: { billing: {} },
      exporter: { source: "jar", jar: standInJar(path.join(bed.folder, "jar")) },
      ...SMALL,
    });
    await stack.configure({}, { "machines[0].connection.password": PASSWORD });
    succeeded(await stack.up());
    deployed = true;
  });

  beforeEach(() => {
    if (!deployed && !expect.getState().currentTestName?.includes("are deployed")) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  test("were reached by password, and through the bastion", async () => {
    const log =
      "journalctl -q -b -u ssh -u sshd --no-pager -o cat | grep '^Accepted ' | sort -u -k1,6";
    expect((await lines("h1", log)).join("\n")).toContain("Accepted password for guest");
    const second = await lines("h2", log);
    const own = second.filter((line) => line.includes(" for ops "));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((line) => !line.includes(`from ${bed.address("h1")} `))).toEqual([]);
  });

  test("hold the groups crosswise, each broker with its ports, unit and store", async () => {
    for (const [host, first, second] of [
      ["h1", "broker-a-0", "broker-b-1"],
      ["h2", "broker-b-0", "broker-a-1"],
    ] as const) {
      const units = await lines(
        host,
        "systemctl list-units --no-legend --plain --state=active 'mqbroker@*' | cut -d' ' -f1 | sort",
      );
      expect(units).toEqual([first, second].map((slot) => `mqbroker@${slot}.service`).sort());
      for (const slot of [first, second]) {
        expect(await lines(host, `ls /data/rocketmq/${slot}/store`)).toContain("commitlog");
      }
      const ports = await lines(host, "ss -Htln | awk '{print $4}' | sed 's/.*://' | sort -n -u");
      expect(ports).toEqual(
        expect.arrayContaining(["10909", "10911", "10912", "11009", "11011", "11012"]),
      );
    }
  });

  test("serve metrics of their own, each broker on a port of its own beside the exporter's", async () => {
    // RocketMQ serves them on the address that clients are told (brokerIP1).
    const advertised = new Map(bed.hosts.hosts.map((host) => [host.name, host.address2 ?? ""]));
    for (const [host, port, broker] of [
      ["h1", 10913, "broker-a"],
      ["h1", 11013, "broker-b"],
      ["h2", 10913, "broker-a"],
      ["h2", 11013, "broker-b"],
    ] as const) {
      const page = await (await fetch(`http://${advertised.get(host)}:${port}/metrics`)).text();
      expect(page).toMatch(new RegExp(`^rocketmq_\\w+{.*"${broker}"`, "m"));
    }
    const own = await fetch(`http://${bed.address("h1")}:5557/metrics`);
    expect(await own.text()).toContain("rocketmq_stand_in");
  });

  test("announce the second network, and a message that waits for its slave arrives", async () => {
    const outputs = await stack.outputs<{
      namesrvAddr: string;
      brokerAddresses: Record<string, string>;
    }>();
    expect(outputs.brokerAddresses).toEqual({
      "broker-a-0": `${NET2}.11:10911`,
      "broker-a-1": expect.stringMatching(/^10\.245\.1\.12:1[01]\d11$/) as string,
      "broker-b-0": expect.stringMatching(/^10\.245\.1\.12:1[01]\d11$/) as string,
      "broker-b-1": `${NET2}.11:11011`,
    });
    const namesrv = outputs.namesrvAddr;
    const sent = await client.produce({ namesrv, topic: "ORDERS", count: 20, ...PATIENT });
    expect(sent).toMatchObject({ sent: 20, failed: 0, errors: {} });
    const received = await client.consume({
      namesrv,
      topic: "ORDERS",
      group: "billing",
      count: 20,
      timeout: 60,
    });
    expect(received.received).toBeGreaterThanOrEqual(20);
  });

  test("run on the Java that was named, and the jar gets what Apache's exporter needs", async () => {
    for (const host of ["h1", "h2"]) {
      const programs = await lines(host, "pgrep -a java | cut -d' ' -f2 | sort -u");
      expect(programs).toEqual(["/usr/lib/jvm/java-21/bin/java"]);
    }
    const { exporterEndpoint } = await stack.outputs<{ exporterEndpoint: string }>();
    const body = await (await fetch(exporterEndpoint)).text();
    expect(body).toContain(`--rocketmq.config.namesrvAddr=${bed.address("h1")}:9876`);
    expect(body).toContain("--rocketmq.config.rocketmqVersion=V5_5_0");
  });

  test("start the jar after the name server, with a heap of its own, and again when it dies", async () => {
    const [exporter, namesrv] = await lines(
      "h1",
      "for unit in mqexporter mqnamesrv; do systemctl show -p ActiveEnterTimestampMonotonic --value $unit; done",
    );
    expect(Number(exporter)).toBeGreaterThan(Number(namesrv));
    const pid = async () => (await lines("h1", "systemctl show -p MainPID --value mqexporter"))[0];
    const before = await pid();
    const [options] = await lines("h1", `tr '\\0' ' ' </proc/${before}/cmdline`);
    expect(options).toMatch(/ -Xms(\d+)m -Xmx\1m .*-jar /);
    await bed.hosts.check("h1", `kill -KILL ${before}`);
    const { exporterEndpoint } = await stack.outputs<{ exporterEndpoint: string }>();
    const until = Date.now() + 120_000;
    let body = "";
    do {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      body = await fetch(exporterEndpoint).then(
        (answer) => answer.text(),
        () => "",
      );
    } while (!body.includes("rocketmq_stand_in") && Date.now() < until);
    expect(body).toContain("rocketmq_stand_in");
    expect(await pid()).not.toBe(before);
  });

  test("are stopped and started together by mqbroker, or one by one", async () => {
    const active = () =>
      lines("h2", "systemctl is-active mqbroker@broker-b-0 mqbroker@broker-a-1; true");
    await bed.hosts.check("h2", "systemctl stop mqbroker@broker-a-1");
    expect(await active()).toEqual(["active", "inactive"]);
    await bed.hosts.check("h2", "systemctl start mqbroker@broker-a-1");
    await bed.hosts.check("h2", "systemctl stop mqbroker");
    expect(await active()).toEqual(["inactive", "inactive"]);
    expect(await lines("h1", "systemctl is-active mqbroker@broker-a-0")).toEqual(["active"]);
    await bed.hosts.check("h2", "systemctl start mqbroker");
    expect(await active()).toEqual(["active", "active"]);
  });

  test("change nothing in a second run, and are destroyed", async () => {
    succeeded(await stack.up());
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
    succeeded(await stack.destroy());
  });
});

describe("nodes without a cluster", () => {
  const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const { NamesrvNode, BrokerNode, ExporterNode } = require("pulumi-rocketmq");
const config = new pulumi.Config();
const home = config.require("javaHome");
// As the address of a machine made in the same program: unknown until it is there.
const made = new random.RandomId("machine", { byteLength: 2 });
const host = (name) => ({
  machine: { name, address: made.hex.apply(() => config.require(name)) },
  connection: { user: "ops", privateKey: config.requireSecret("key") },
  clusterName: "nodes",
  version: "4.9.3",
  package: { mirror: config.require("mirror") },
});
const namesrv = new NamesrvNode("directory", {
  host: { ...host("h1"), java: { home } }, jvm: { heapMb: 96 },
});
const second = new NamesrvNode("installed", {
  host: host("h3"), index: 1, jvm: { heapMb: 96 },
});
const nameServers = [namesrv.address, second.address];
const broker = new BrokerNode("store", {
  host: { ...host("h2"), java: { home } }, nameServers, replicas: 1,
  jvm: { heapMb: 256, directMemoryMb: 192 },
  topics: { ORDERS: { writeQueueNums: 4, readQueueNums: 4 } },
  subscriptionGroups: { billing: {} },
});
const exporter = new ExporterNode("metrics", { host: { ...host("h1"), java: { home } }, nameServers });
module.exports = {
  namesrv: namesrv.address, second: second.address, broker: broker.address, endpoint: exporter.endpoint,
};
`;

  test("run each by itself: addresses are outputs, 4.9.3 on Java 11, one Java from the package manager", async () => {
    const home = (await Promise.all(["h1", "h2"].map((host) => bed.hosts.java(host, 11))))[0] ?? "";
    await bed.hosts.add(["h3"], { without: ["java"] });
    await bed.hosts.nat(true);
    const folder = path.join(bed.folder, "nodes");
    fs.mkdirSync(folder);
    fs.writeFileSync(
      path.join(folder, "Pulumi.yaml"),
      "name: nodes\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    fs.writeFileSync(
      path.join(folder, "package.json"),
      '{ "name": "nodes", "main": "index.js" }\n',
    );
    fs.writeFileSync(path.join(folder, "index.js"), PROGRAM);
    fs.symlinkSync(path.join(CLONE, "node_modules"), path.join(folder, "node_modules"));
    const stack = new Stack(bed.toolchain, folder, "nodes", path.join(bed.folder, "backend"));
    await stack.select();
    const addresses = Object.fromEntries(
      bed.hosts.hosts.map(({ name, address }) => [name, address]),
    );
    await stack.configure(
      { ...addresses, javaHome: home, mirror: bed.mirrorUrl },
      { key: bed.hosts.privateKey },
    );

    succeeded(await stack.preview());
    succeeded(await stack.up());

    const outputs = await stack.outputs<Record<string, string>>();
    expect(outputs).toMatchObject({
      namesrv: `${bed.address("h1")}:9876`,
      second: `${bed.address("h3")}:9876`,
      broker: `${bed.address("h2")}:10911`,
    });
    const namesrv = `${outputs["namesrv"]};${outputs["second"]}`;
    expect(await client.produce({ namesrv, topic: "ORDERS", count: 10, ...PATIENT })).toMatchObject(
      {
        sent: 10,
        failed: 0,
      },
    );
    expect(await lines("h2", "pgrep -a java | cut -d' ' -f2")).toEqual([`${home}/bin/java`]);
    expect(
      await lines("h3", "dpkg-query -W -f '${db:Status-Abbrev}' openjdk-17-jre-headless"),
    ).toEqual(["ii"]);
    // Nothing made the exporter wait for the broker, so its first collection may have come too early.
    const until = Date.now() + 60_000;
    let body = "";
    do {
      body = await (await fetch(outputs["endpoint"] ?? "")).text();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    } while (!body.includes(`"${outputs["broker"]}"`) && Date.now() < until);
    expect(body).toContain(`"${outputs["broker"]}"`);
    succeeded(await stack.up());
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
    succeeded(await stack.destroy());
  });
});

test("twenty machines that cannot be reached are told in one run", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `mq${i + 1}`);
  const config: { [key: string]: ConfigValue } = {
    nameServers: 1,
    brokerGroups: names.length,
    replicasPerGroup: 1,
    exporter: { enabled: false },
    connection: { dialErrorLimit: 0 },
    machines: names.map((name, i) => ({
      name,
      address: `10.245.0.${100 + i}`,
      // Nothing listens on the first ports of this machine.
      connection: { host: `${bed.options.net}.1`, port: i + 1 },
    })),
    package: { mirror: bed.mirrorUrl },
  };
  const stack = await bed.stack("twenty", {});
  await stack.configure(flatten(config));
  const { code, text } = await stack.up({ args: ["--continue-on-error"] });
  expect(code).not.toBe(0);
  const told = text.slice(text.indexOf("Diagnostics:"));
  for (const [i, name] of names.entries()) {
    expect(told).toContain(`${name}: no SSH connection to ops@${bed.options.net}.1:${i + 1}: `);
  }
  expect(told).not.toContain("unhandled exception");
});
