import type { AdoptDocument, PreflightDocument } from "../remote/documents";
import { DOCUMENT_FORMAT } from "../remote/documents";
import type { ExporterSettings, GroupSettings, HostSettings, JvmSettings } from "../spec/resolved";
import type { BrokerSlot, ExporterSlot, HostPlacement, NamesrvSlot } from "../topology/types";
import { brokerIdentity } from "./brokerDocuments";
import { MEMORY } from "./jvm";

/** What a machine's preflight depends on. */
export interface PreflightInput {
  host: HostSettings;
  placement: HostPlacement;
  /** JVM settings of the roles on the machine, for the memory that they need. */
  namesrvJvm?: JvmSettings;
  brokerJvm?: JvmSettings;
  exporter?: ExporterSettings;
  /** What the machine carries. */
  nodes?: (NamesrvSlot | ExporterSlot | BrokerSlot)[];
  /** By group key, for the brokers among them. */
  groups?: GroupSettings;
}

/** Seconds. Above it, message times and delays of the brokers contradict each other. */
const MAX_CLOCK_SKEW = 30;

/** MiB for two versions side by side (5.5.0: 104 each) and their archives. */
const DEPLOY_DISK = 512;

/** MiB for a broker: its first commit log file (1 GiB), the next one begun, queues and logs. */
const BROKER_DISK = 2048;

/** MiB for the logs of a name server or exporter. */
const SMALL_DISK = 200;

/** MiB that a JVM takes beside heap and direct memory: classes, stacks, code. */
const JVM_OVERHEAD = 150;

/** MiB of the builtin exporter. */
const BUILTIN_EXPORTER = 64;

export function preflightDocument(input: PreflightInput): PreflightDocument {
  const { host, placement } = input;
  const brokers = placement.slots.filter((slot) => slot.startsWith("broker-")).length;
  return {
    format: DOCUMENT_FORMAT,
    host: placement.machine,
    cluster: host.cluster,
    paths: host.paths,
    ports: placement.ports,
    disk: {
      [host.paths.deploy]: DEPLOY_DISK,
      [host.paths.data]: brokers * BROKER_DISK + (placement.slots.length - brokers) * SMALL_DISK,
    },
    memoryMb: memoryMb(input, brokers),
    java: host.java,
    package: host.package,
    maxClockSkew: MAX_CLOCK_SKEW,
    ...(host.adopt ? { adopt: adoptDocuments(input) } : {}),
  };
}

/** What is expected at each node's port, if anything runs there. */
function adoptDocuments({ host, nodes = [], groups = {} }: PreflightInput) {
  const expected = (slot: NamesrvSlot | ExporterSlot | BrokerSlot): AdoptDocument => {
    if (!("ports" in slot)) {
      return { port: slot.port };
    }
    const group = groups[slot.groupKey];
    return {
      port: slot.ports.listen,
      ...(group ? { identity: brokerIdentity({ host, slot, group }) } : {}),
    };
  };
  return Object.fromEntries(nodes.map((slot) => [slot.slot, expected(slot)]));
}

function memoryMb({ placement, namesrvJvm, brokerJvm, exporter }: PreflightInput, brokers: number) {
  const namesrv = placement.roles.includes("namesrv")
    ? (namesrvJvm?.heapMb ?? MEMORY.namesrv.minMb) + JVM_OVERHEAD
    : 0;
  const broker =
    (brokerJvm?.heapMb ?? MEMORY.broker.minMb) +
    (brokerJvm?.directMemoryMb ?? MEMORY.brokerDirect.minMb) +
    JVM_OVERHEAD;
  const exporterMb = !placement.roles.includes("exporter")
    ? 0
    : exporter?.jar
      ? (exporter.jar.jvm.heapMb ?? 256) + JVM_OVERHEAD
      : BUILTIN_EXPORTER;
  return namesrv + brokers * broker + exporterMb;
}
