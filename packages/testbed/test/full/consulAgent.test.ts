import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { prepareDiscovery } from "../../src/prometheus";
import { nothingChanged, type Stack } from "../../src/stack";
import { prepareConsul } from "../../src/toolchain/consul";
import { drift } from "../support/drift";
import { eventually } from "../support/eventually";
import { watch } from "../support/prometheus";
import { succeeded } from "../support/succeeded";

/**
 * Registration in a real Consul that lets nobody in without a token and speaks HTTPS with a
 * certificate of its own: through its agent on the machine, then in its catalogue.
 */
const TOKEN = randomUUID();
const AGENT = "https://127.0.0.1:8501";
const EVERYTHING = ["exporter", "namesrv", "broker", "brokerMetrics"];
/** Everything by its service, with the port of its check. */
const SERVICES = {
  "rocketmq-exporter": 5557,
  "rocketmq-namesrv": 9876,
  "rocketmq-broker": 10911,
  "rocketmq-broker-metrics": 10913,
};
/** What runs, with the time since when. */
const PROCESSES =
  "ps -e -o lstart=,args= | grep -E 'java|rocketmq_agent|mqexporter' | grep -v grep";
/** What Prometheus needs, and what the registration in the catalogue needs. */
const READER =
  'node_prefix "" { policy = "read" } service_prefix "" { policy = "read" } agent_prefix "" { policy = "read" }';
const WRITER =
  'node_prefix "orders-" { policy = "write" } service_prefix "rocketmq-" { policy = "write" } agent_prefix "" { policy = "read" }';

interface Check {
  Status: string;
  ServiceID: string;
}

describe("in a Consul with HTTPS and ACLs", () => {
  let bed: Bed;
  let stack: Stack;
  let certificate: string;

  const cluster = () => ({
    clusterName: "orders",
    environment: "test",
    version: "5.5.0",
    nameServers: 1,
    replicasPerGroup: 1,
    machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
    package: { mirror: bed.mirrorUrl },
    brokerConfig: { metricsExporterType: "PROM" },
    namesrvJvm: { heapMb: 96 },
    brokerJvm: { heapMb: 256, directMemoryMb: 192 },
  });

  /** The same Consul as Pulumi and Prometheus reach it. */
  const outside = () => `https://${bed.address("h1")}:8501`;

  beforeAll(async () => {
    const program = await prepareConsul();
    bed = await Bed.up({
      name: "pr",
      net: "10.229.0",
      bridge: "brpr",
      hosts: 1,
      versions: ["5.5.0"],
    });
    certificate = await startAgent(program);
    await prepareDiscovery();
    stack = await bed.stack("consul-agent", {
      ...cluster(),
      consul: { address: AGENT, through: "agent", caPem: certificate, services: EVERYTHING },
    });
  }, 45 * 60_000);

  afterAll(() => bed?.down(), 120_000);

  /** A Consul of one node on the host; returns the certificate that it shows. */
  async function startAgent(program: string): Promise<string> {
    const [key, certificate] = ["key.pem", "cert.pem"].map((name) => path.join(bed.folder, name));
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
      ].concat(
        ["-addext", `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${bed.address("h1")}`],
        ["-keyout", key ?? "", "-out", certificate ?? ""],
      ),
      { stdio: "ignore" },
    );
    const pem = fs.readFileSync(certificate ?? "", "utf8");
    const config = {
      server: true,
      bootstrap_expect: 1,
      node_name: "h1",
      bind_addr: bed.address("h1"),
      client_addr: "0.0.0.0",
      data_dir: "/var/lib/consul",
      disable_update_check: true,
      ports: { http: -1, https: 8501, dns: -1, grpc_tls: -1 },
      acl: {
        enabled: true,
        default_policy: "deny",
        tokens: { initial_management: TOKEN, agent: TOKEN },
      },
      tls: { https: { cert_file: "/etc/consul/cert.pem", key_file: "/etc/consul/key.pem" } },
    };
    await bed.hosts.check("h1", "mkdir -p /etc/consul");
    await put("/etc/consul/cert.pem", pem);
    await put("/etc/consul/key.pem", fs.readFileSync(key ?? "", "utf8"));
    await put("/etc/consul/consul.json", JSON.stringify(config));
    const copy = "cat > /usr/local/bin/consul && chmod 755 /usr/local/bin/consul";
    await bed.hosts.check("h1", copy, { input: fs.readFileSync(program) });
    await bed.hosts.check(
      "h1",
      "systemd-run -q --unit=consul /usr/local/bin/consul agent -config-file=/etc/consul/consul.json",
    );
    const until = Date.now() + 120_000;
    while ((await ask("status/leader")).length < 5) {
      if (Date.now() > until) {
        throw new Error(await bed.hosts.check("h1", "journalctl -u consul -n 30 --no-pager"));
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return pem;
  }

  async function put(file: string, text: string): Promise<void> {
    await bed.hosts.check("h1", `cat > ${file}`, { input: text });
  }

  async function ask(resource: string, method = "GET", body = ""): Promise<string> {
    const { stdout } = await bed.hosts.ssh(
      "h1",
      `python3 - <<'END'
import ssl, urllib.request
request = urllib.request.Request("${AGENT}/v1/${resource}", headers={"X-Consul-Token": "${TOKEN}"}, method="${method}", data=b'${body}' or None)
context = ssl.create_default_context(cafile="/etc/consul/cert.pem")
print(urllib.request.urlopen(request, context=context, timeout=10).read().decode())
END`,
    );
    return stdout.trim();
  }

  /** A token that may do what the rules say, and nothing else. */
  async function tokenFor(name: string, rules: string): Promise<string> {
    await ask(
      "acl/policy",
      "PUT",
      JSON.stringify({ Name: name, Rules: rules }).replaceAll("\\", "\\\\"),
    );
    const made = await ask("acl/token", "PUT", JSON.stringify({ Policies: [{ Name: name }] }));
    return (JSON.parse(made) as { SecretID: string }).SecretID;
  }

  test("without the token Consul refuses, and the error says what to do", async () => {
    const { code, text } = await stack.up();
    expect(code).not.toBe(0);
    expect(text).toMatch(/Consul's agent at https:\/\/127\.0\.0\.1:8501 refuses: 403/);
    expect(text).toContain("consul.token");
  });

  test("with it the services are there, and pass their checks", async () => {
    await stack.configure({}, { "consul.token": TOKEN });
    const run = succeeded(await stack.up());
    expect(run.text).not.toContain(TOKEN);
    const [service] = JSON.parse(await ask("catalog/service/rocketmq-exporter")) as object[];
    expect(service).toMatchObject({
      Node: "h1",
      ServiceID: "orders-exporter",
      ServiceAddress: bed.address("h1"),
      ServicePort: 5557,
      ServiceTags: ["prometheus", "orders"],
      ServiceMeta: { metrics_path: "/metrics", cluster: "orders", env: "test", role: "exporter" },
    });
    for (const name of Object.keys(SERVICES)) {
      const checks = await eventually(
        async () => JSON.parse(await ask(`health/checks/${name}`)) as Check[],
        ([check]) => check?.Status === "passing",
      );
      expect(checks.map(({ Status }) => `${name} ${Status}`)).toEqual([`${name} passing`]);
    }
  });

  test("a name server that is down fails its check, and nothing else does", async () => {
    await bed.hosts.check("h1", "systemctl stop mqnamesrv");
    try {
      const checks = await eventually(
        async () => JSON.parse(await ask("health/checks/rocketmq-namesrv")) as Check[],
        ([check]) => check?.Status === "critical",
      );
      expect(checks.map(({ Status }) => Status)).toEqual(["critical"]);
      const [broker] = JSON.parse(await ask("health/checks/rocketmq-broker")) as Check[];
      expect(broker?.Status).toBe("passing");
    } finally {
      await bed.hosts.check("h1", "systemctl start mqnamesrv");
    }
    const again = await eventually(
      async () => JSON.parse(await ask("health/checks/rocketmq-namesrv")) as Check[],
      ([check]) => check?.Status === "passing",
    );
    expect(again.map(({ Status }) => Status)).toEqual(["passing"]);
  });

  test("the token is in no file of the machine, and not in the plain state", async () => {
    const { stdout } = await bed.hosts.ssh(
      "h1",
      `grep -rlF -e ${TOKEN} /var/lib/rocketmq-agent /opt/rocketmq /data/rocketmq ~ops /etc/systemd || true`,
    );
    expect(stdout).toBe("");
    const state = await stack.run(["stack", "export"]);
    expect(state.text).toContain("exporter-consul-agent");
    expect(state.text).not.toContain(TOKEN);
  });

  test("a second run changes nothing", async () => {
    succeeded(await stack.up());
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
  });

  test("what somebody else made of it is drift, and reconcile repairs it", async () => {
    expect(await drift(stack)).toMatchObject({ code: 0, text: "no drift on 1 machine\n" });
    await ask("agent/service/deregister/orders-exporter", "PUT");
    const gone = await drift(stack);
    expect(gone).toMatchObject({ code: 2 });
    expect(gone.text).toContain(
      "h1 exporter: rocketmq-exporter in Consul: expected registered, found missing (repair: hot)",
    );
    const other = { ID: "orders-exporter", Name: "rocketmq-exporter", Port: 1 };
    await ask("agent/service/register", "PUT", JSON.stringify(other));
    const { text } = await drift(stack);
    expect(text).toContain("port of rocketmq-exporter in Consul: expected 5557, found 1");
    expect(text).toContain("health check of rocketmq-exporter in Consul: expected http");
    expect(text).not.toContain(TOKEN);

    await stack.configure({ reconcile: "1" });
    succeeded(await stack.up());
    expect(await drift(stack)).toMatchObject({ code: 0 });
  });

  test("into the catalogue by HTTPS, with a token for no more than that; no process notices", async () => {
    const before = await bed.hosts.check("h1", PROCESSES);
    await bed.reconfigure(stack, {
      ...cluster(),
      consul: {
        address: outside(),
        caPem: certificate,
        services: EVERYTHING,
        externalChecks: true,
      },
    });
    const token = await tokenFor("writer", WRITER);
    await stack.configure({}, { "consul.token": token });
    const run = succeeded(await stack.up());
    expect(run.text).not.toContain(token);
    for (const [name, port] of Object.entries(SERVICES)) {
      const found = JSON.parse(await ask(`catalog/service/${name}`)) as object[];
      expect(found).toMatchObject([
        {
          Node: expect.stringMatching(/^orders-h1-/) as string,
          ServiceAddress: bed.address("h1"),
          ServicePort: port,
          ServiceMeta: { cluster: "orders", env: "test" },
        },
      ]);
      // For consul-esm to run; nobody does here, so none may pass.
      const checks = JSON.parse(await ask(`health/checks/${name}`)) as Check[];
      expect(checks).toMatchObject([
        {
          Status: "critical",
          Definition: name.endsWith("exporter")
            ? { HTTP: `http://${bed.address("h1")}:${port}/healthz` }
            : { TCP: `${bed.address("h1")}:${port}` },
        },
      ]);
    }
    const state = await stack.run(["stack", "export"]);
    expect(state.text).not.toContain(token);
    expect(await bed.hosts.check("h1", PROCESSES)).toBe(before);
    succeeded(await stack.up());
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
  });

  test("Prometheus asks it by HTTPS with a token of its own, as documented", async () => {
    fs.mkdirSync(path.join(bed.folder, "secrets"));
    const [caFile, tokenFile] = ["ca.pem", "token"].map((name) =>
      path.join(bed.folder, "secrets", name),
    ) as [string, string];
    fs.writeFileSync(caFile, certificate);
    fs.writeFileSync(tokenFile, await tokenFor("reader", READER));
    const server = outside().replace("https://", "");
    const prometheus = await watch(bed, { server, caFile, tokenFile });
    try {
      const targets = await eventually(
        () => prometheus.targets(),
        (found) => found.filter(({ health }) => health === "up").length === 2,
      );
      expect(targets.map(({ scrapeUrl, health }) => `${scrapeUrl} ${health}`).sort()).toEqual([
        `http://${bed.address("h1")}:10913/metrics up`,
        `http://${bed.address("h1")}:5557/metrics up`,
      ]);
    } finally {
      await prometheus.stop();
    }
  });

  test("they are gone with the cluster", async () => {
    succeeded(await stack.destroy());
    for (const name of Object.keys(SERVICES)) {
      expect(JSON.parse(await ask(`catalog/service/${name}`))).toEqual([]);
    }
    const nodes = JSON.parse(await ask("catalog/nodes")) as { Node: string }[];
    expect(nodes.map(({ Node }) => Node)).toEqual(["h1"]);
  });
});
