/** Asks once a second until the answer is good; the last answer if it never is. */
export async function eventually<T>(
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
  patience = 4 * 60_000,
): Promise<T> {
  const until = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (good(answer) || Date.now() > until) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
