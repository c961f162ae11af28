import type { Client } from "../client";
import type { HostSet } from "../hosts";
import { say, step } from "../progress";
import type { Stack } from "../stack";
import type { Toolchain } from "../toolchain";
import { HERE, PLAN } from "./plan";
import type { Outputs } from "./up";
import { waitForHttp } from "./waitForHttp";

/** Shows with RocketMQ's own tools, Consul's API and the exporter's page that the cluster works. */
export async function prove(hosts: HostSet, client: Client, outputs: Outputs): Promise<void> {
  for (const namesrv of outputs.namesrvAddr.split(";")) {
    await step(
      `10 messages through ${namesrv}, produced and consumed by RocketMQ's Java client`,
      () => exchange(client, namesrv),
    );
  }
  await step("the cluster list, by RocketMQ's own mqadmin", async () => {
    const { stdout } = await hosts.ssh(
      "h1",
      `/opt/rocketmq/versions/${PLAN.version}/bin/mqadmin clusterList -n '${outputs.namesrvAddr}' 2>/dev/null`,
    );
    const rows = stdout
      .split("\n")
      .filter((line) => line.startsWith("#") || line.includes("broker-"));
    rows.forEach((row) => say(`    ${row}`));
    if (rows.filter((row) => row.includes(outputs.clusterName)).length !== brokers(outputs)) {
      throw new Error(`mqadmin does not list every broker:\n${stdout}`);
    }
  });
  await step(`metrics at ${outputs.exporterEndpoint}`, async () => {
    const body = await waitForHttp(outputs.exporterEndpoint, (text) =>
      Object.values(outputs.brokerAddresses).every((address) => text.includes(`"${address}"`)),
    );
    const series = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    say(
      `    ${series.length} series, of every broker: ${Object.keys(outputs.brokerAddresses).join(", ")}`,
    );
    series
      .filter((line) => line.startsWith("rocketmq_producer_offset") && line.includes(PLAN.topic))
      .forEach((line) => say(`    ${line}`));
  });
  await step("the exporter in Consul", async () => {
    const url = `http://${HERE}:${PLAN.ports.consul}/v1/catalog/service/${outputs.consulServiceName}`;
    const [entry] = JSON.parse(
      await waitForHttp(url, (body) => body.startsWith("[{")),
    ) as ConsulService[];
    say(
      `    ${entry?.ServiceName} at ${entry?.ServiceAddress}:${entry?.ServicePort}, ` +
        `tags ${JSON.stringify(entry?.ServiceTags)}, meta ${JSON.stringify(entry?.ServiceMeta)}`,
    );
  });
}

interface ConsulService {
  ServiceName: string;
  ServiceAddress: string;
  ServicePort: number;
  ServiceTags: string[];
  ServiceMeta: Record<string, string>;
}

function brokers(outputs: Outputs): number {
  return Object.keys(outputs.brokerAddresses).length;
}

async function exchange(client: Client, namesrv: string): Promise<void> {
  const sent = await client.produce({
    namesrv,
    topic: PLAN.topic,
    count: 10,
    // A first send loads classes on both sides.
    sendTimeout: 20_000,
  });
  const received = await client.consume({
    namesrv,
    topic: PLAN.topic,
    group: PLAN.group,
    count: 10,
    timeout: 30,
  });
  say(`    sent ${sent.sent}, received ${received.received}`);
}

/** What to do with the cluster now. */
export function nextSteps(
  hosts: HostSet,
  stack: Stack,
  toolchain: Toolchain,
  outputs: Outputs,
): void {
  const first = Object.entries(outputs.brokerAddresses)[0];
  const env = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_HOME"]
    .filter((key) => stack.env[key] !== undefined)
    .map((key) => `${key}='${stack.env[key]}'`);
  say(`
Go on with it:
  name servers     ${outputs.namesrvAddr}
  brokers          ${Object.entries(outputs.brokerAddresses)
    .map(([slot, address]) => `${slot} ${address}`)
    .join(", ")}
  metrics          ${outputs.exporterEndpoint}
  Consul           http://${HERE}:${PLAN.ports.consul}/ui
  a shell          ssh -F ${hosts.sshConfig} h3
  on a host        systemctl status mqbroker@${first?.[0]}    (also: mqnamesrv, mqexporter)
  Pulumi           export ${env.join(" ")}
                   ${toolchain.pulumi} preview --diff --stack ${stack.name}
  change it        ${toolchain.pulumi} config set --stack ${stack.name} --path brokerConfig.fileReservedTime 48
  away with it     npm run demo:down`);
}
