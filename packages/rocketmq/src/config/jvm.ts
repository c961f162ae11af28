import type { JavaOptionsDocument, JvmDocument, MemoryDocument } from "../remote/documents";
import type { JvmSettings } from "../spec/resolved";
import { has } from "./versions";

/** A share of the machine's memory, and why. The agent computes it once and keeps it. */
interface MemoryShare {
  percent: number;
  minMb: number;
  maxMb: number;
  reason: string;
}

export const MEMORY = {
  broker: {
    percent: 25,
    minMb: 512,
    maxMb: 8192,
    reason:
      "A broker reads and writes through the page cache, which gets what the heap leaves. 8 GiB is RocketMQ's own default, whatever the machine.",
  },
  brokerDirect: {
    percent: 10,
    minMb: 256,
    maxMb: 4096,
    reason:
      "Network buffers; 5.5.0 dies at its start with 64 MiB. RocketMQ's own 15 GiB is for the transient store pool, which is off.",
  },
  namesrv: {
    percent: 5,
    minMb: 256,
    maxMb: 2048,
    reason:
      "A name server holds routes and nothing else: 137 MB (4.9.3) and 182 MB (5.5.0) resident with a heap of 128 MiB. RocketMQ's own default is 4 GiB.",
  },
} as const satisfies Record<string, MemoryShare>;

/** Five buffers of the size of a commit log file (1 GiB), and the network's. */
const TRANSIENT_POOL_MB = 5 * 1024 + 1024;

interface JvmOption {
  option: string;
  /** Java versions that know it; both ends included. */
  from?: number;
  to?: number;
  reason: string;
}

/** For every JVM; the agent adds the GC log, whose folder it knows. */
export const COMMON_OPTIONS: readonly JvmOption[] = [
  {
    option: "-XX:+UseG1GC",
    reason: "Short pauses; not the default on machines with one core or less than 2 GiB.",
  },
  {
    option: "-XX:+ExitOnOutOfMemoryError",
    reason:
      "A process that lost some of its threads looks alive and serves nobody; systemd restarts it.",
  },
  {
    option: "-XX:-OmitStackTraceInFastThrow",
    reason: "As RocketMQ: a frequent exception must keep its stack trace.",
  },
  {
    option: "-XX:+PerfDisableSharedMem",
    reason: "As RocketMQ: a write to /tmp must not stop the JVM.",
  },
  {
    option: "-XX:-UseBiasedLocking",
    to: 14,
    reason: "As RocketMQ; off by default since Java 15, and unknown later.",
  },
];

/** For brokers. */
export const BROKER_OPTIONS: readonly JvmOption[] = [
  {
    option: "-XX:+AlwaysPreTouch",
    reason:
      "As RocketMQ: the heap is taken at the start, not under load in competition with the page cache. Costs about a second for 4 GiB.",
  },
  {
    option: "-XX:G1ReservePercent=25",
    reason: "As RocketMQ: room for bursts of messages.",
  },
  {
    option: "-XX:InitiatingHeapOccupancyPercent=30",
    reason: "As RocketMQ: collect early, most objects are messages that die young.",
  },
  {
    option: "-XX:SoftRefLRUPolicyMSPerMB=0",
    reason: "As RocketMQ: softly held objects do not grow old.",
  },
];

const ADD_OPENS = ["java.nio", "sun.nio.ch", "jdk.internal.ref"].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

function memory(mb: number | undefined, share: MemoryShare): MemoryDocument {
  const { percent, minMb, maxMb } = share;
  return mb === undefined ? { percent, minMb, maxMb } : { mb };
}

/**
 * RocketMQ's 16 MiB regions keep a message of 4 MiB from being a humongous object; a small heap
 * needs smaller ones (48 MiB with 16 MiB regions ran out of memory).
 */
function regionSize(heapMb: number | undefined): string {
  const mb =
    heapMb === undefined ? 16 : Math.min(16, Math.max(1, 2 ** Math.floor(Math.log2(heapMb / 64))));
  return `-XX:G1HeapRegionSize=${mb}m`;
}

function everywhere(options: readonly JvmOption[]): string[] {
  return options
    .filter(({ from, to }) => from === undefined && to === undefined)
    .map(({ option }) => option);
}

function someJava(options: readonly JvmOption[]): JavaOptionsDocument[] {
  return options
    .filter(({ from, to }) => from !== undefined || to !== undefined)
    .map(({ option, from, to }) => ({
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      options: [option],
    }));
}

function addOpens(version: string): JavaOptionsDocument[] {
  return has("addOpens", version) ? [{ from: 9, options: ADD_OPENS }] : [];
}

export function namesrvJvm(version: string, user: JvmSettings): JvmDocument {
  return {
    heap: memory(user.heapMb, MEMORY.namesrv),
    options: everywhere(COMMON_OPTIONS),
    byJava: [...someJava(COMMON_OPTIONS), ...addOpens(version)],
    extra: user.options,
  };
}

export function brokerJvm(
  version: string,
  user: JvmSettings,
  transientStorePool: boolean,
): JvmDocument {
  const direct = memory(user.directMemoryMb, MEMORY.brokerDirect);
  const options = [...COMMON_OPTIONS, ...BROKER_OPTIONS];
  return {
    heap: memory(user.heapMb, MEMORY.broker),
    direct: transientStorePool && direct.mb === undefined ? { mb: TRANSIENT_POOL_MB } : direct,
    options: [...everywhere(options), regionSize(user.heapMb)],
    byJava: [...someJava(options), ...addOpens(version)],
    extra: user.options,
  };
}

/** Heap of Apache's exporter: 264 MB resident with 256 MiB. */
const EXPORTER_HEAP_MB = 256;

export function exporterJvm(user: JvmSettings): JvmDocument {
  return {
    heap: { mb: user.heapMb ?? EXPORTER_HEAP_MB },
    options: everywhere(COMMON_OPTIONS),
    byJava: someJava(COMMON_OPTIONS),
    extra: user.options,
  };
}
