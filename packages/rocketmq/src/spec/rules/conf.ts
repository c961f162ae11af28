import { OWNED_BROKER_KEYS } from "../../config/brokerConf";
import { OWNED_NAMESRV_KEYS } from "../../config/namesrvConf";
import { has } from "../../config/versions";
import { Mistakes } from "./rule";

type Conf = Record<string, string | undefined>;

/** What the values of broker.conf depend on. */
interface ConfSituation {
  version: string;
  flushDiskType?: string;
  brokerRole?: string;
}

/** Below it RocketMQ removes files only at deleteWhen; from 85 on whatever their age, from 90 it refuses. */
const FORCED_CLEAN_RATIO = 85;

/** Kinds of keys that people set; RocketMQ ignores a value of the wrong kind without a word. */
const WHOLE_NUMBERS: readonly string[] = [
  "defaultTopicQueueNums",
  "diskMaxUsedSpaceRatio",
  "fileReservedTime",
  "inSyncReplicas",
  "mappedFileSizeCommitLog",
  "maxMessageSize",
  "metricsPromExporterPort",
  "osPageCacheBusyTimeOutMills",
  "pullMessageThreadPoolNums",
  "sendMessageThreadPoolNums",
  "sendThreadPoolQueueCapacity",
  "totalReplicas",
  "transactionTimeOut",
  "waitTimeMillsInSendQueue",
];
const TRUTHS = /^(autoCreate\w+|\w+Enable|enable[A-Z]\w*|transferMsgByHeap|useReentrant\w+)$/;

/** Keys of broker.conf, at `path`. */
export function brokerConfRules(
  conf: Conf,
  situation: ConfSituation,
  found: Mistakes,
  path: string,
): void {
  ownedKeyRules(conf, OWNED_BROKER_KEYS, found, path);
  for (const [key, value] of Object.entries(conf)) {
    if (value === undefined || key in OWNED_BROKER_KEYS) {
      continue;
    }
    if (WHOLE_NUMBERS.includes(key) && !/^\d+$/.test(value)) {
      found.add(
        `${path}.${key}`,
        "conf-value",
        `"${value}" is no whole number`,
        `Write digits only.`,
      );
    } else if (TRUTHS.test(key) && !/^(true|false)$/.test(value)) {
      found.add(
        `${path}.${key}`,
        "conf-value",
        `"${value}" is neither true nor false`,
        `Write "true" or "false".`,
      );
    }
  }
  diskRules(conf, found, path);
  transientPoolRules(conf, situation, found, path);
  if (conf.metricsExporterType !== undefined && !has("promExporter", situation.version)) {
    found.add(
      `${path}.metricsExporterType`,
      "version-gate",
      `RocketMQ ${situation.version} does not serve metrics itself`,
      "Take it out and use the exporter, or choose version 5.1.0 or later.",
    );
  }
}

export function namesrvConfRules(conf: Conf, found: Mistakes, path: string): void {
  ownedKeyRules(conf, OWNED_NAMESRV_KEYS, found, path);
}

function ownedKeyRules(
  conf: Conf,
  owned: Readonly<Record<string, string>>,
  found: Mistakes,
  path: string,
): void {
  for (const key of Object.keys(conf)) {
    const argument = owned[key];
    if (argument !== undefined) {
      found.add(
        `${path}.${key}`,
        "owned-key",
        "this key is decided elsewhere",
        `Take it out; it comes from ${argument}.`,
      );
    }
  }
}

function diskRules(conf: Conf, found: Mistakes, path: string): void {
  const ratio = Number(conf.diskMaxUsedSpaceRatio);
  if (ratio >= FORCED_CLEAN_RATIO || ratio < 10) {
    found.add(
      `${path}.diskMaxUsedSpaceRatio`,
      "disk-ratio",
      ratio < 10
        ? "RocketMQ takes nothing below 10 percent"
        : "from 85 percent on RocketMQ removes files whatever their age, from 90 on it refuses messages: the normal removal would never run",
      "Choose a number from 10 to 84; the default is 75.",
    );
  }
}

function transientPoolRules(
  conf: Conf,
  { flushDiskType, brokerRole }: ConfSituation,
  found: Mistakes,
  path: string,
): void {
  if (conf.transientStorePoolEnable !== "true") {
    return;
  }
  for (const [argument, value] of [
    ["flushDiskType", flushDiskType],
    ["brokerRole", brokerRole],
  ] as const) {
    if (value?.startsWith("SYNC_")) {
      found.add(
        `${path}.transientStorePoolEnable`,
        "transient-pool",
        `with ${argument} ${value} messages would wait in memory that a crash loses, against what ${value} promises`,
        `Take it out, or choose ${value.replace("SYNC_", "ASYNC_")}.`,
      );
    }
  }
}
