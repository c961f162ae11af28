/** First and last byte to send. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * Reads a `Range` header for a body of `size` bytes: undefined when the whole body is meant (no header, or one that
 * a server may ignore, such as several ranges), "unsatisfiable" when it lies outside.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) {
    return undefined;
  }
  if (match[1] === "") {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? "unsatisfiable" : { first: size - length, last: size - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (first >= size) {
    return "unsatisfiable";
  }
  return last < first ? undefined : { first, last };
}
