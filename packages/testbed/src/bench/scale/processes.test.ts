import { descendants, parseProcess, residentByName } from "./processes";

test("sums what descendants of a process hold, by program", () => {
  const of = (pid: number, parent: number, name: string, resident: number) => ({
    pid,
    parent,
    name,
    resident,
    ticks: 0,
  });
  const all = [
    of(12, 11, "node", 300),
    of(10, 1, "bench", 50),
    of(11, 10, "pulumi", 100),
    of(13, 11, "plugin", 20),
    of(14, 13, "plugin", 5),
    of(20, 1, "other", 999),
  ];
  expect(residentByName(descendants(all, 10))).toEqual({ pulumi: 100, node: 300, plugin: 25 });
});

test("reads what the kernel tells of a process", () => {
  const status =
    "Name:\tpulumi\nUmask:\t0022\nPid:\t7\nPPid:\t5\nVmRSS:\t   4096 kB\nThreads:\t9\n";
  const stat = "7 (a ) name) S 5 7 7 0 -1 4194560 900 0 0 0 120 34 0 0 20 0 9 0 100 0 0";
  expect(parseProcess(7, status, stat)).toEqual({
    pid: 7,
    parent: 5,
    name: "pulumi",
    resident: 4096,
    ticks: 154,
  });
});
