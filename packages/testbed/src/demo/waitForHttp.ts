/** Polls until the answer's body is as wanted; fails after half a minute, naming the address. */
export async function waitForHttp(
  url: string,
  wanted: (body: string) => boolean,
  patience = 30_000,
): Promise<string> {
  const until = Date.now() + patience;
  let last = "no answer";
  while (Date.now() < until) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      last = await response.text();
      if (wanted(last)) {
        return last;
      }
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} is not ready after ${patience / 1000} s: ${last.slice(0, 300)}`);
}
