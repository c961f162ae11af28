/** Keys of unnamed groups: a, b, ..., z, aa, ab, ... */
export function groupKey(index: number): string {
  let key = "";
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    key = String.fromCharCode(97 + (rest % 26)) + key;
  }
  return key;
}

/** The first `count` keys. */
export function groupKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => groupKey(index));
}
