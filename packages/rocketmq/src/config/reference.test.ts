import { TUNED_BROKER_KEYS } from "./brokerConf";
import { HOT_KEYS, REFUSED_KEYS, RESTART_KEYS } from "./hotKeys";
import { referenceMarkdown } from "./reference";
import { SYSCTL } from "./sysctl";

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

test("rows have as many cells as the head of their table", () => {
  const cells = (line: string) => line.split(/(?<!\\)\|/).length;
  lines.forEach((line, index) => {
    const above = lines[index - 1];
    if (line.startsWith("|") && above?.startsWith("|")) {
      expect(cells(line)).toBe(cells(above));
    }
  });
});
