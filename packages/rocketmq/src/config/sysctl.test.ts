import { SYSCTL, SYSCTL_LEFT_OUT, sysctlValues } from "./sysctl";

test("the user's values win, an empty one leaves the kernel's", () => {
  const values = sysctlValues({ "vm.swappiness": "10", "vm.dirty_ratio": "", "net.x": "1" });
  expect(values).toMatchObject({
    "vm.swappiness": "10",
    "net.x": "1",
    "vm.max_map_count": "655360",
  });
  expect(values).not.toHaveProperty(["vm.dirty_ratio"]);
});

test("the kernel starts to write long before writers wait", () => {
  const values = sysctlValues({});
  expect(Number(values["vm.dirty_background_ratio"])).toBeLessThan(
    Number(values["vm.dirty_ratio"]),
  );
});

test("each setting is there once, with a reason, and set or left out", () => {
  const keys = [...SYSCTL, ...SYSCTL_LEFT_OUT].map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { reason } of [...SYSCTL, ...SYSCTL_LEFT_OUT]) {
    expect(reason).toMatch(/\.$/);
  }
});
