import * as fc from "fast-check";
import { rollingOrder } from "./rollingOrder";
import type { BrokerSlot } from "./types";

function brokers(groups: number, replicas: number): BrokerSlot[] {
  return Array.from({ length: groups }, (_, g) =>
    Array.from({ length: replicas }, (_, index) => ({
      slot: `broker-${g}-${index}`,
      groupKey: `${g}`,
      index,
      brokerId: index,
      machine: `m${g}-${index}`,
      ports: { listen: 10911, fast: 10909, ha: 10912 },
      replicas,
    })),
  ).flat();
}

test("one group at a time: slaves, then the master, then the next group", () => {
  expect(Object.fromEntries(rollingOrder(brokers(2, 3), 1))).toEqual({
    "broker-0-2": [],
    "broker-0-1": ["broker-0-2"],
    "broker-0-0": ["broker-0-1"],
    "broker-1-2": ["broker-0-0"],
    "broker-1-1": ["broker-1-2"],
    "broker-1-0": ["broker-1-1"],
  });
});

test("two groups at a time: the third waits for the masters of the first two", () => {
  const order = rollingOrder(brokers(3, 2), 2);
  expect(order.get("broker-1-1")).toEqual([]);
  expect(order.get("broker-2-1")).toEqual(["broker-0-0", "broker-1-0"]);
});

test("never more than maxUnavailable groups are under way", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      (groups, replicas, maxUnavailable) => {
        const slots = brokers(groups, replicas);
        const order = rollingOrder(slots, maxUnavailable);
        const done = new Set<string>();
        while (done.size < slots.length) {
          const ready = slots.filter(
            ({ slot }) => !done.has(slot) && (order.get(slot) ?? []).every((s) => done.has(s)),
          );
          const underWay = new Set(ready.map(({ groupKey }) => groupKey));
          expect(underWay.size).toBeGreaterThan(0);
          expect(underWay.size).toBeLessThanOrEqual(maxUnavailable);
          ready.forEach(({ slot }) => done.add(slot));
        }
      },
    ),
  );
});
