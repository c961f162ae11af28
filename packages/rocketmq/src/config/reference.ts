import { COSTS } from "./costs";
import { BROKER_KEYS_LEFT, OWNED_BROKER_KEYS, TUNED_BROKER_KEYS } from "./brokerConf";
import { HOT_KEYS, REFUSED_KEYS, RESTART_KEYS } from "./hotKeys";
import { BROKER_OPTIONS, COMMON_OPTIONS, MEMORY } from "./jvm";
import { SYSCTL, SYSCTL_LEFT_OUT } from "./sysctl";
import { GATES, JAVA, SUPPORTED_LINES, TESTED_VERSIONS } from "./versions";
import { VERSION_STEPS } from "./versionSteps";

/**
 * Every value that the library chooses, with its reason: the tables of this folder as Markdown, so
 * that the reference for users cannot say anything else.
 */
export function referenceMarkdown(): string {
  return [
    section("Tuned keys of broker.conf", "RocketMQ's own value in brackets.", [
      ["Key", "Value", "Reason"],
      ...TUNED_BROKER_KEYS.map(({ key, value, reason }) => [
        code(key),
        typeof value === "string" ? code(value) : "depends",
        reason,
      ]),
    ]),
    section("Left at RocketMQ's own value", "", [
      ["Key", "Reason"],
      ...BROKER_KEYS_LEFT.map(({ key, reason }) => [code(key), reason]),
    ]),
    section("Keys with an argument of their own", "Refused in `brokerConfig`.", [
      ["Key", "Comes from"],
      ...Object.entries(OWNED_BROKER_KEYS).map(([key, argument]) => [code(key), argument]),
    ]),
    section(
      "What a change costs",
      "A preview says so for each change, one line each. What would lose data or identity is refused.",
      [
        ["Setting", "Of", "Cost", "Reason"],
        ...COSTS.map(({ setting, of, cost, reason }) => [setting, of.join(", "), cost, reason]),
      ],
    ),
    section("Keys of broker.conf that are applied online", "The running broker takes them over.", [
      ["Key", "Versions", "RocketMQ's own value", "Reason"],
      ...HOT_KEYS.map(({ key, in: ranges, usual, reason }) => [
        code(key),
        ranges?.map(rangeText).join(", ") ?? "all",
        usual === undefined ? "" : code(usual),
        reason,
      ]),
    ]),
    section(
      "Keys of broker.conf that cost a rolling restart",
      "As does every key that is in none of these tables. Sent to a running broker, RocketMQ says success all the same.",
      [["Key", "Reason"], ...RESTART_KEYS.map(({ key, reason }) => [code(key), reason])],
    ),
    section(
      "Refused once the broker has a store",
      "But for giving one of them RocketMQ's own value, which it has already.",
      [
        ["Key", "Reason", "What to do instead"],
        ...REFUSED_KEYS.map(({ key, reason, remedy }) => [code(key), reason, remedy]),
      ],
    ),
    section("JVM options", "The user's come last and win.", [
      ["Option", "For", "Reason"],
      ...COMMON_OPTIONS.map(({ option, to, reason }) => [
        code(option),
        to === undefined ? "all" : `Java up to ${to}`,
        reason,
      ]),
      ...BROKER_OPTIONS.map(({ option, reason }) => [code(option), "brokers", reason]),
    ]),
    section("Memory", "Computed once from the machine's memory and kept.", [
      ["What", "Percent", "At least (MiB)", "At most (MiB)", "Reason"],
      ...Object.entries(MEMORY).map(([what, { percent, minMb, maxMb, reason }]) => [
        what,
        String(percent),
        String(minMb),
        String(maxMb),
        reason,
      ]),
    ]),
    section("Kernel settings", "", [
      ["Key", "Value", "Reason"],
      ...SYSCTL.map(({ key, value, reason }) => [code(key), code(value), reason]),
      ...SYSCTL_LEFT_OUT.map(({ key, reason }) => [code(key), "not set", reason]),
    ]),
    section("Versions", `Tested: ${TESTED_VERSIONS.join(", ")}.`, [
      ["What", "Versions", "Reason"],
      ...Object.entries(GATES).map(([gate, { ranges, reason }]) => [
        code(gate),
        ranges.map(rangeText).join(", "),
        reason,
      ]),
      ...JAVA.map((row) => [`Java ${row.min} to ${row.max}`, rangeText(row), row.reason]),
    ]),
    section(
      "From one version to another",
      `Every other step, up or down, between supported versions (${SUPPORTED_LINES.map(rangeText).join(", ")}) is a rolling restart. The preview says these.`,
      [
        ["From", "To", "What", "Reason"],
        ...VERSION_STEPS.map(({ from, to, when, refused, reason }) => [
          from === undefined ? "any" : rangeText(from),
          rangeText(to),
          refused ? `refused${when === undefined ? "" : " where it is so"}` : "told",
          `${reason}.`,
        ]),
      ],
    ),
  ].join("\n");
}

function rangeText({ from, before }: { from: string; before?: string }): string {
  return before === undefined ? `${from} and later` : `${from} to below ${before}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A heading, a sentence and a table whose first row is its head. */
function section(title: string, note: string, [head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [
    `## ${title}`,
    "",
    ...(note === "" ? [] : [note, ""]),
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
