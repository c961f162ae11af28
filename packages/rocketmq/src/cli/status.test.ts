import { exitCode } from "./status";

const time = "2026-11-23T10:50:03.000Z";

test.each([
  ["all is well", [{ health: "ok", time }], 0],
  [
    "one of two is not well",
    [
      { health: "ok", time },
      { health: "warn", time },
    ],
    2,
  ],
  ["down", [{ health: "bad", time }], 2],
  ["nobody could be asked", [{ health: "bad", time }, { health: "unknown" }], 1],
] as const)("%s", (_what, views, code) => {
  expect(exitCode([...views])).toBe(code);
});
