import type { SizeFigures } from "./measure";
import { bastionLines, scaleTable } from "./report";

const timing = (seconds: number) => ({
  seconds,
  cpuSeconds: 9.6,
  memory: { node: 100, pulumi: 50 },
  logins: 7,
});

test("a column a size", () => {
  const size = (machines: number): SizeFigures => ({
    machines,
    resources: machines * 7,
    preview: timing(1),
    deploy: timing(20.04),
    noChange: timing(2),
    noChangePreview: timing(1.5),
    changePreview: timing(1.5),
    destroy: timing(3),
  });
  const lines = scaleTable([size(10), size(100)]).split("\n");
  expect(lines[0]?.trim().split(/\s+/)).toEqual(["machines", "10", "100"]);
  expect(lines[1]?.trim().split(/\s+/)).toEqual(["resources", "70", "700"]);
  expect(lines.find((line) => line.startsWith("deploy"))).toContain(
    "20.0 s (10 cpu) 150 MiB 7 ssh",
  );
});

test("what the bastion saw", () => {
  const figures = {
    machines: 300,
    parallel: 64,
    deploy: { ...timing(99), connections: 1500, dropped: 2, most: 9 },
    destroy: { ...timing(30), connections: 600, dropped: 0, most: 8 },
  };
  expect(bastionLines(figures)).toBe(
    "300 machines behind one bastion, up --parallel 64: 99.0 s, 1500 connections to it, " +
      "at most 9 not logged in at a time, 2 dropped\n" +
      "300 machines behind one bastion, destroy --parallel 8: 30.0 s, 600 connections to it, " +
      "at most 8 not logged in at a time, 0 dropped",
  );
});
