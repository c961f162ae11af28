/** One line when a long step begins and how long it took when it ends: a silent minute looks like a hang. */

const started = Date.now();

/** Seconds with one decimal, as shown to people. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Writes a line to stderr, so that stdout stays free for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs `work` under a title, and reports its duration or that it failed. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const from = Date.now();
  say(`==> ${title} ...`);
  try {
    const result = await work();
    say(`    ${title}: ${seconds(Date.now() - from)} (${seconds(Date.now() - started)} in all)`);
    return result;
  } catch (error) {
    say(`    ${title}: failed after ${seconds(Date.now() - from)}`);
    throw error;
  }
}
