/**
 * Machines that are worked on at once. Below 10, from which sshd turns logins away at random that
 * are not yet through (MaxStartups): all may go by one bastion.
 */
export const PARALLEL = 8;

/** What became of one of many: a value, or why there is none. */
export type Outcome<T, R> = { item: T; value: R } | { item: T; error: Error };

/** Does something for each, a bounded number at once; the failure of one spares the others. */
export async function forEach<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = PARALLEL,
): Promise<Outcome<T, R>[]> {
  const outcomes: Outcome<T, R>[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i] as T;
      try {
        outcomes[i] = { item, value: await work(item) };
      } catch (error) {
        outcomes[i] = { item, error: error as Error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return outcomes;
}
