import { measureBastion } from "../src/bench/scale/measure";

// Building the toolchain first can be minutes.
jest.setTimeout(45 * 60_000);

test("logins through a bastion take turns: sshd's MaxStartups drops nobody", async () => {
  const machines = 16;
  const found = await measureBastion(machines, 64);
  // Each machine has five steps, but for the one with the exporter.
  expect(found.connections).toBeGreaterThanOrEqual(5 * machines - 1);
  expect(found.most).toBeLessThan(10);
  expect(found.dropped).toBe(0);
});
