import { broken, type ChangeFigures, table } from "./report";

const GOOD: ChangeFigures = {
  change: "hot key",
  seconds: 6.54,
  restarts: 0,
  load: {
    sent: 1200,
    failed: 0,
    lost: 0,
    duplicates: 3,
    longestConsumeGapMs: 225,
    longestSendGapMs: 30,
    errors: {},
  },
};

const changed = (load: Partial<ChangeFigures["load"]>): ChangeFigures => ({
  ...GOOD,
  load: { ...GOOD.load, ...load },
});

test("a row for each change, under titles", () => {
  const [titles, row] = table([GOOD]).split("\n");
  expect(titles?.trim().split(/ {2,}/)).toEqual([
    ...[
      "seconds",
      "restarts",
      "first message",
      "ssh to old",
      "sent",
      "failed",
      "lost",
      "again",
      "no receipt for",
      "no send for",
    ],
  ]);
  expect(row?.trim().split(/ {2,}/)).toEqual([
    ...["hot key", "6.5", "0", "1200", "0", "0", "3", "0.23 s", "0.03 s"],
  ]);
});

test("of a group that came: when it took its first message, and who was bothered", () => {
  const [titles, row] = table([{ ...GOOD, firstMessage: 31.26, oldConnections: 0 }]).split("\n");
  expect(titles).toContain("first message      ssh to old");
  expect(row).toMatch(/ 31\.3 s +0 +1200 /);
  expect(broken([{ ...GOOD, oldConnections: 2 }])).toEqual([
    "hot key: 2 connections to old machines",
  ]);
});

test("messages received again, and pauses, are no fault", () => {
  expect(broken([GOOD])).toEqual([]);
});

test.each([
  [{ lost: 2 }, "hot key: 2 acknowledged messages were lost"],
  [{ failed: 3, errors: { timeout: 2, busy: 1 } }, "3 sends failed: 2 x timeout; 1 x busy"],
  [{ sent: 0 }, "nothing was measured"],
])("%j is told", (load, text) => {
  expect(broken([changed(load)])).toEqual([expect.stringContaining(text)]);
});
