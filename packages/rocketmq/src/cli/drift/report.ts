import type { CheckDifference } from "../../remote/checkReport";
import { Repair } from "../../remote/checkReport";
import { Exit } from "../command";
import type { HostDrift } from "./checkHost";

const PRICES: Readonly<Record<Repair, string>> = {
  [Repair.Hot]: "hot",
  [Repair.Start]: "start",
  [Repair.Restart]: "restart",
  [Repair.Reinstall]: "reinstall",
  [Repair.Manual]: "by hand",
};

/** `mq3 broker-a-0: broker.conf deleteWhen: expected 04, found 05 (repair: hot)` */
export function line(host: string, difference: CheckDifference): string {
  const { node, what, expected, found, repair } = difference;
  // A newer agent may know a price that this release does not.
  const price = PRICES[repair] ?? repair;
  const where = node === undefined ? host : `${host} ${node}`;
  return `${where}: ${what}: expected ${expected}, found ${found} (repair: ${price})`;
}

/** One line for each difference, and one that says what to do, or that there is nothing to do. */
export function lines(hosts: readonly HostDrift[]): string[] {
  const found = hosts.flatMap(({ host, differences }) =>
    (differences ?? []).map((difference) => line(host, difference)),
  );
  const asked = hosts.filter(({ differences }) => differences !== undefined);
  if (asked.length === 0) {
    return [];
  }
  const drifted = asked.filter(({ differences }) => differences?.length);
  const sum =
    found.length === 0
      ? `no drift on ${machines(asked.length)}`
      : `${found.length} difference${found.length === 1 ? "" : "s"} on ${drifted.length} of ${machines(asked.length)}; to repair: pulumi config set reconcile "$(date -Is)" && pulumi up`;
  const notes = hosts.flatMap(({ host, notes: own }) => (own ?? []).map((n) => `${host} ${n}`));
  return [...found, ...notes, sum];
}

function machines(count: number): string {
  return `${count} machine${count === 1 ? "" : "s"}`;
}

/** A machine that cannot be asked outweighs drift: what is not known may be worse. */
export function exitCode(hosts: readonly HostDrift[]): number {
  if (hosts.some(({ error }) => error)) {
    return Exit.Error;
  }
  return hosts.some(({ differences }) => differences?.length) ? Exit.Different : Exit.Ok;
}

/** What `--json` prints. */
export function json(stack: string, hosts: readonly HostDrift[]): object {
  return {
    stack,
    drift: hosts.some(({ differences }) => differences?.length),
    complete: hosts.every(({ error }) => error === undefined),
    hosts,
  };
}
