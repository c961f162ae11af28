/**
 * The RocketMQ versions and what differs between them, as data. Everything else asks here: no
 * other file compares versions.
 */

/** Where Apache keeps every release, unlike its download mirrors, which keep the current ones. */
export const ARCHIVE = "https://archive.apache.org/dist/rocketmq";

export const DEFAULT_VERSION = "5.5.0";

/** Deployed, used, stopped and started again on real hosts before each release of this library. */
export const TESTED_VERSIONS: readonly string[] = ["4.9.3", "4.9.7", "5.3.3", "5.5.0"];

/** First version (included) and end (excluded) of a range; no end: every later version. */
export interface VersionRange {
  from: string;
  before?: string;
}

/** Lines that are deployed. Versions between the tested ones are accepted with a warning. */
export const SUPPORTED_LINES: readonly VersionRange[] = [
  { from: "4.9.0", before: "4.10.0" },
  { from: "5.0.0", before: "5.6.0" },
];

interface VersionGate {
  ranges: readonly VersionRange[];
  /** What it is and how we know. */
  reason: string;
}

/** What holds for some versions only. */
export const GATES = {
  haListenPort: {
    ranges: [{ from: "5.1.1" }],
    reason: "haListenPort is honoured. Before, it is overwritten by listenPort + 1.",
  },
  logbackProperty: {
    ranges: [{ from: "5.1.0" }],
    reason:
      "The logback files are called rmq.*.logback.xml and are named by -Drmq.logback.configurationFile. Before, logback_*.xml is found below ROCKETMQ_HOME.",
  },
  promExporter: {
    ranges: [{ from: "5.1.0" }],
    reason:
      "Brokers can serve metrics themselves (metricsExporterType=PROM), by default on 5557, the exporter's port.",
  },
  noCommandInjection: {
    ranges: [{ from: "4.9.6", before: "5.0.0" }, { from: "5.1.1" }],
    reason:
      "Settings that are sent over the network run no commands (CVE-2023-33246, which names 4.9.6 and 5.1.1 as mended).",
  },
  configBlackList: {
    ranges: [{ from: "4.9.8", before: "5.0.0" }, { from: "5.2.0" }],
    reason: "Keys such as brokerConfigPath cannot be changed over the network.",
  },
  messageType: {
    ranges: [{ from: "5.0.0" }],
    reason: "Topics have a message type.",
  },
  inSyncReplicas: {
    ranges: [{ from: "5.0.0" }],
    reason:
      "SYNC_MASTER waits for as many replicas as inSyncReplicas says, by default one: itself. Seen on 5.5.0, which acknowledged without its slave.",
  },
  addOpens: {
    ranges: [{ from: "4.9.0", before: "5.3.0" }],
    reason:
      "Unmapping files needs internals of the JDK. Without --add-opens, 4.9.3 on Java 17 starts once, leaves its abort file at the stop and never starts again; 4.9.7 leaves abort too. 5.3.3 and 5.5.0 need nothing; in between nobody looked, and the options do no harm.",
  },
} as const satisfies Record<string, VersionGate>;

export type Gate = keyof typeof GATES;

interface JavaRow extends VersionRange {
  min: number;
  max: number;
  preferred: number;
  reason: string;
}

/** Which Java each line runs on when started with our options instead of RocketMQ's scripts. */
export const JAVA: readonly JavaRow[] = [
  {
    from: "4.9.0",
    before: "5.0.0",
    min: 8,
    max: 17,
    preferred: 17,
    reason: "Built for Java 8; runs on 17 with --add-opens. Nobody looked at later ones.",
  },
  {
    from: "5.0.0",
    min: 8,
    max: 21,
    preferred: 17,
    reason: "Runs on 17 as it is; 21 since no removed option is used.",
  },
];

/** Compares two versions of the form x.y.z: negative, zero or positive. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

export function inRange(version: string, { from, before }: VersionRange): boolean {
  return (
    compareVersions(version, from) >= 0 &&
    (before === undefined || compareVersions(version, before) < 0)
  );
}

/** Whether something holds for a version. */
export function has(gate: Gate, version: string): boolean {
  return GATES[gate].ranges.some((range) => inRange(version, range));
}

export function isSupported(version: string): boolean {
  return (
    /^\d+\.\d+\.\d+$/.test(version) && SUPPORTED_LINES.some((range) => inRange(version, range))
  );
}

/** What to say of a version that is accepted but that nobody tried with this library. */
export function untestedVersion(version: string): string | undefined {
  return TESTED_VERSIONS.includes(version)
    ? undefined
    : `RocketMQ ${version} is accepted but not tested; tested are ${TESTED_VERSIONS.join(", ")}.`;
}

/** Java for a version; undefined for a version that is not supported. */
export function javaFor(version: string): JavaRow | undefined {
  return JAVA.find((row) => inRange(version, row));
}

/** Name of the binary release of a version, in Apache's archive and on mirrors. */
export function archiveFile(version: string): string {
  return `rocketmq-all-${version}-bin-release.zip`;
}

/** Address of the archive of a version below a base that is laid out like Apache's. */
export function archiveUrl(version: string, base = ARCHIVE): string {
  return `${base.replace(/\/+$/, "")}/${version}/${archiveFile(version)}`;
}

/** The logback file below `conf/` that must be named on the command line, if any. */
export function logbackFile(program: "namesrv" | "broker", version: string): string | undefined {
  return has("logbackProperty", version) ? `rmq.${program}.logback.xml` : undefined;
}
