import { parseStatus, residentByName } from "./memory";

test("sums what descendants of a process hold, by program", () => {
  const of = (pid: number, parent: number, name: string, resident: number) => ({
    pid,
    parent,
    name,
    resident,
  });
  const all = [
    of(12, 11, "node", 300),
    of(10, 1, "bench", 50),
    of(11, 10, "pulumi", 100),
    of(13, 11, "plugin", 20),
    of(14, 13, "plugin", 5),
    of(20, 1, "other", 999),
  ];
  expect(residentByName(all, 10)).toEqual({ pulumi: 100, node: 300, plugin: 25 });
});

test("reads a status of the kernel", () => {
  const status =
    "Name:\tpulumi\nUmask:\t0022\nPid:\t7\nPPid:\t5\nVmRSS:\t   4096 kB\nThreads:\t9\n";
  expect(parseStatus(7, status)).toEqual({ pid: 7, parent: 5, name: "pulumi", resident: 4096 });
});
