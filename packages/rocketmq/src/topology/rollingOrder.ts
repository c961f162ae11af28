import type { BrokerSlot } from "./types";

/**
 * Which brokers must have been restarted before each broker is: slot to slots.
 *
 * Within a group the slaves come first, the last one first, then the master, so that a new version
 * reads an old master's log and never the other way round. At most `maxUnavailable` groups are
 * under way at once. The order is fixed by the slots, so a broker that needs no restart costs its
 * successors nothing.
 */
export function rollingOrder(
  brokers: readonly BrokerSlot[],
  maxUnavailable: number,
): Map<string, string[]> {
  const groups = new Map<string, BrokerSlot[]>();
  for (const broker of brokers) {
    groups.set(broker.groupKey, [...(groups.get(broker.groupKey) ?? []), broker]);
  }
  const order = new Map<string, string[]>();
  let before: string[] = [];
  let batch: string[] = [];
  [...groups.values()].forEach((group, index) => {
    const lastFirst = [...group].sort((a, b) => b.index - a.index);
    lastFirst.forEach((broker, position) => {
      const predecessor = lastFirst[position - 1];
      order.set(broker.slot, predecessor ? [predecessor.slot] : before);
    });
    batch.push(...lastFirst.slice(-1).map((broker) => broker.slot));
    if ((index + 1) % maxUnavailable === 0) {
      before = batch;
      batch = [];
    }
  });
  return order;
}
