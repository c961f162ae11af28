import { measureBastion } from "../src/bench/scale/measure";

// Building the toolchain first can be minutes.
jest.setTimeout(45 * 60_000);

test("logins through a bastion take turns: sshd's MaxStartups drops nobody", async () => {
  const machines = 16;
  const found = await measureBastion(machines, 64);
  // Each machine has five steps, but for the one with the exporter; two of them have a removal.
  expect(found.deploy.connections).toBeGreaterThanOrEqual(5 * machines - 1);
  expect(found.destroy.connections).toBeGreaterThanOrEqual(2 * machines);
  for (const { most, dropped } of [found.deploy, found.destroy]) {
    expect(most).toBeLessThan(10);
    expect(dropped).toBe(0);
  }
});
