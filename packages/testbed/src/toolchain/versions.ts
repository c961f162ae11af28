/** Exact versions of everything that the toolchain is made of. */

/** The CLI; the same as the SDK's in the lock file. An installed one may be newer. */
export const PULUMI = "3.259.0";

/** Providers by name, in the versions that the npm packages in the lock file ask for. */
export const PROVIDERS = { command: "1.2.1", consul: "3.15.1", random: "4.21.2" } as const;

export const CONSUL = "1.20.6";

/** As its releases are called; the Go module is v0.310.0, with three digits for the minor version. */
export const PROMETHEUS = "3.10.0";

/** The first Go that can fetch the version which a go.mod asks for by itself. */
export const GO_SELF_UPDATING = "1.21.0";

/** `a` is not older than `b`; both are dotted numbers, what follows them does not count. */
export function atLeast(a: string, b: string): boolean {
  const numbers = (text: string) => text.split(/[.+-]/, 3).map((part) => parseInt(part, 10) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}
