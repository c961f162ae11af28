import { compareVersions, inRange, type VersionRange } from "./versions";

/** A step from one version to another that is refused, or that should be thought about. */
interface VersionStep {
  from?: VersionRange;
  to: VersionRange;
  /** Absent: whatever the configuration is. */
  when?: (conf: Readonly<Record<string, string>>) => boolean;
  refused: boolean;
  reason: string;
}

/**
 * Every other step between supported versions is a rolling restart: slaves before masters, so that
 * a new version reads an old master's log and never the other way round.
 */
export const VERSION_STEPS: readonly VersionStep[] = [
  {
    to: { from: "5.3.3" },
    when: (conf) => conf["aclEnable"] === "true",
    refused: true,
    reason:
      "ACL 1.0 (aclEnable) ended with 5.3.2: brokers would let everybody in. Go to 5.3.0 first, move to ACL 2.0 there (migrateAuthFromV1Enabled), and take aclEnable out",
  },
  {
    to: { from: "4.9.0", before: "5.3.0" },
    when: (conf) =>
      conf["authenticationEnabled"] === "true" || conf["authorizationEnabled"] === "true",
    refused: true,
    reason:
      "ACL 2.0 came with 5.3.0: older brokers ignore its keys and would let everybody in. Stay on 5.3.0 or later",
  },
  {
    from: { from: "5.0.0" },
    to: { from: "4.9.0", before: "5.0.0" },
    when: (conf) =>
      conf["enableControllerMode"] === "true" || (conf["storeType"] ?? "default") !== "default",
    refused: true,
    reason:
      "4.9 reads neither a store in RocksDB nor the roles that a controller gave. Add a second cluster and move the clients",
  },
  {
    from: { from: "5.0.0" },
    to: { from: "4.9.0", before: "5.0.0" },
    refused: false,
    reason:
      "4.9 delivers no messages with an arbitrary delay (timer messages) and knows no pop consumers: what such clients have left in the store stays there unread. Ordinary messages, topics, groups and offsets stay in use",
  },
];

/** What speaks against a step, or should be known about it. */
export function versionStep(
  from: string,
  to: string,
  conf: Readonly<Record<string, string>>,
): { refusal?: string; notes: string[] } {
  const rows = VERSION_STEPS.filter(
    (row) =>
      compareVersions(from, to) !== 0 &&
      (row.from === undefined || inRange(from, row.from)) &&
      inRange(to, row.to) &&
      (row.when?.(conf) ?? true),
  );
  const refusal = rows.find(({ refused }) => refused)?.reason;
  return {
    ...(refusal === undefined ? {} : { refusal }),
    notes: rows.filter(({ refused }) => !refused).map(({ reason }) => reason),
  };
}
