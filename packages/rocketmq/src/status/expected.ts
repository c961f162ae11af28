import type {
  BrokerConfigDocument,
  ExporterDocument,
  NamesrvConfigDocument,
} from "../remote/documents";
import { Step } from "../remote/documents";

/** What a stack's state says of a cluster: its hosts, and the last document of each step. */
export interface DeployedCluster {
  /** Name of the component. */
  name: string;
  /** Name of the cluster in RocketMQ. */
  clusterName: string;
  hosts: { name: string; steps: { verb: string; document: object }[] }[];
}

/** A process that ought to run. */
export interface ExpectedNode {
  /** `namesrv-0`, `broker-a-1`. */
  slot: string;
  /** The machine's name in the program. */
  machine: string;
  address: string;
  /** Its systemd unit. */
  unit: string;
}

export interface ExpectedServer extends ExpectedNode {
  version: string;
}

export interface ExpectedBroker extends ExpectedServer {
  brokerName: string;
  brokerId: number;
  /** A master whose group is being taken out: closed for writes on purpose. */
  leaving?: true;
}

/** What a cluster should be, by its stack. */
export interface ExpectedCluster {
  name: string;
  clusterName: string;
  paths: { deploy: string; data: string };
  nameServers: ExpectedServer[];
  brokers: ExpectedBroker[];
  exporter?: ExpectedNode & { url: string };
}

/** Nobody has told where anything is: a stack whose first update failed early. */
const NO_PATHS = { deploy: "/opt/rocketmq", data: "/data/rocketmq" };

/** Reads it out of the documents of the steps. */
export function expectedCluster({ name, clusterName, hosts }: DeployedCluster): ExpectedCluster {
  const documents = <D>(verb: Step): D[] =>
    hosts.flatMap(({ steps }) =>
      steps.filter((step) => step.verb === verb).map((step) => step.document as D),
    );
  const namesrvs = documents<NamesrvConfigDocument>(Step.NamesrvConfig);
  const brokers = documents<BrokerConfigDocument>(Step.BrokerConfig);
  const [exporter] = documents<ExporterDocument>(Step.Exporter);
  return {
    name,
    clusterName,
    paths: (namesrvs[0] ?? brokers[0] ?? exporter)?.paths ?? NO_PATHS,
    nameServers: bySlot(namesrvs.map(server)),
    brokers: bySlot(
      brokers.map((document) => ({
        ...server(document),
        brokerName: document.identity.brokerName,
        brokerId: document.identity.brokerId,
        ...(document.decommission ? { leaving: true as const } : {}),
      })),
    ),
    ...(exporter
      ? {
          exporter: {
            slot: exporter.node,
            machine: exporter.host,
            address: exporter.address,
            unit: exporter.unit.name,
            url: `http://${exporter.address}${exporter.path}`,
          },
        }
      : {}),
  };
}

function server(document: NamesrvConfigDocument | BrokerConfigDocument): ExpectedServer {
  const { node, host, address, release } = document;
  return { slot: node, machine: host, address, unit: release.unit.name, version: release.version };
}

/** `broker-a-2` before `broker-a-10`. */
function bySlot<T extends { slot: string }>(nodes: T[]): T[] {
  return nodes.sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true }));
}
