import * as http from "node:http";
import type { AddressInfo } from "node:net";

interface ServiceEntry {
  Node: { Node: string; Address: string };
  Service: {
    Service: string;
    ID: string;
    Address: string;
    Port: number;
    Tags: string[];
    Meta: Record<string, string>;
  };
}

/**
 * A stand-in for Prometheus' own Consul discovery, for a Prometheus that is built without it (as
 * Debian does): asks the same endpoint of Consul and hands the result over by `http_sd_configs`, under
 * the labels that Prometheus documents. What it does not show is that Prometheus itself finds them.
 */
export class ConsulTargets {
  private constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(consul: string, service: string, tag: string): Promise<ConsulTargets> {
    const server = http.createServer((_request, response) => {
      targets(consul, service, tag).then(
        (body) => {
          response.setHeader("Content-Type", "application/json");
          response.end(JSON.stringify(body));
        },
        (error: Error) => {
          // Prometheus keeps the targets that it has, as it does when Consul is away.
          response.statusCode = 502;
          response.end(error.message);
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return new ConsulTargets(`http://127.0.0.1:${port}/`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }
}

async function targets(consul: string, service: string, tag: string) {
  const response = await fetch(`http://${consul}/v1/health/service/${service}?tag=${tag}`);
  if (!response.ok) {
    throw new Error(`Consul answers ${response.status}`);
  }
  const entries = (await response.json()) as ServiceEntry[];
  return entries.map(({ Node, Service }) => ({
    targets: [`${Service.Address || Node.Address}:${Service.Port}`],
    labels: {
      __meta_consul_node: Node.Node,
      __meta_consul_service: Service.Service,
      __meta_consul_service_id: Service.ID,
      __meta_consul_tags: `,${Service.Tags.join(",")},`,
      ...Object.fromEntries(
        Object.entries(Service.Meta).map(([key, value]) => [
          `__meta_consul_service_metadata_${key.replace(/[^a-zA-Z0-9_]/g, "_")}`,
          value,
        ]),
      ),
    },
  }));
}
