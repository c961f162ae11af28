import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Bed } from "../../src/bed";
import { nothingChanged, type Stack } from "../../src/stack";
import { prepareConsul } from "../../src/toolchain/consul";
import { drift } from "../support/drift";

/**
 * Registration through a real Consul agent on the exporter's machine, that lets nobody in without
 * a token and speaks HTTPS with a certificate of its own.
 */
const TOKEN = randomUUID();
const AGENT = "https://127.0.0.1:8501";

interface Check {
  Status: string;
  ServiceID: string;
}

describe("through the Consul agent of the machine", () => {
  let bed: Bed;
  let stack: Stack;

  beforeAll(async () => {
    const program = await prepareConsul();
    bed = await Bed.up({
      name: "status",
      net: "10.235.0",
      bridge: "br-rmq-st",
      hosts: 1,
      versions: ["5.5.0"],
    });
    const certificate = await startAgent(program);
    stack = await bed.stack("consul-agent", {
      clusterName: "orders",
      environment: "test",
      version: "5.5.0",
      nameServers: 1,
      replicasPerGroup: 1,
      machines: bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      package: { mirror: bed.mirrorUrl },
      consul: { address: AGENT, through: "agent", caPem: certificate },
      namesrvJvm: { heapMb: 96 },
      brokerJvm: { heapMb: 256, directMemoryMb: 192 },
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
        ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
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

  test("without the token Consul refuses, and the error says what to do", async () => {
    const { code, text } = await stack.up();
    expect(code).not.toBe(0);
    expect(text).toMatch(/Consul's agent at https:\/\/127\.0\.0\.1:8501 refuses: 403/);
    expect(text).toContain("consul.token");
  });

  test("with it the service is there, and passes its check", async () => {
    await stack.configure({}, { "consul.token": TOKEN });
    const run = await stack.up();
    expect(run).toMatchObject({ code: 0 });
    expect(run.text).not.toContain(TOKEN);
    const [service] = JSON.parse(await ask("catalog/service/rocketmq-exporter")) as object[];
    expect(service).toMatchObject({
      Node: "h1",
      ServiceID: "orders-exporter",
      ServiceAddress: bed.address("h1"),
      ServicePort: 5557,
      ServiceTags: ["prometheus", "orders"],
      ServiceMeta: { metrics_path: "/metrics", cluster: "orders", env: "test" },
    });
    const until = Date.now() + 120_000;
    let status = "";
    while (status !== "passing" && Date.now() < until) {
      const checks = JSON.parse(await ask("health/checks/rocketmq-exporter")) as Check[];
      status = checks[0]?.Status ?? "";
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    expect(status).toBe("passing");
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
    const run = await stack.up();
    expect(run.code).toBe(0);
    expect(nothingChanged(await stack.lastChanges())).toBe(true);
  });

  test("what somebody else made of it is drift, and reconcile repairs it", async () => {
    expect(await drift(stack)).toMatchObject({ code: 0 });
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
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await drift(stack)).toMatchObject({ code: 0 });
  });

  test("it is gone with the cluster", async () => {
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(JSON.parse(await ask("catalog/service/rocketmq-exporter"))).toEqual([]);
  });
});
