import { TUNED_BROKER_KEYS } from "./brokerConf";
import { HOT_KEYS, REFUSED_KEYS, RESTART_KEYS } from "./hotKeys";
import { referenceMarkdown } from "./reference";
import { SYSCTL } from "./sysctl";
import { VERSION_STEPS } from "./versionSteps";

const lines = referenceMarkdown().split("\n");

test("every key has a row", () => {
  for (const { key } of [
    ...TUNED_BROKER_KEYS,
    ...HOT_KEYS,
    ...RESTART_KEYS,
    ...REFUSED_KEYS,
    ...SYSCTL,
  ]) {
    expect(lines.some((line) => line.startsWith(`| \`${key}\` |`))).toBe(true);
  }
});

test("every step between versions that is refused or told of has a row", () => {
  for (const { reason, refused } of VERSION_STEPS) {
    const row = lines.find((line) => line.includes(reason));
    expect(row).toContain(refused ? "| refused" : "| told |");
  }
});

test("rows have as many cells as the head of their table", () => {
  const cells = (line: string) => line.split(/(?<!\\)\|/).length;
  lines.forEach((line, index) => {
    const above = lines[index - 1];
    if (line.startsWith("|") && above?.startsWith("|")) {
      expect(cells(line)).toBe(cells(above));
    }
  });
});
