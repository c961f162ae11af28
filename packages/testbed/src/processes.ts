import type { HostSet } from "./hosts";

/** When each process of RocketMQ's was started, in microseconds since its machine's boot: by `host/unit`. */
export type StartTimes = Record<string, string>;

/** Of every name server and broker that runs on these hosts. */
export async function startTimes(hosts: HostSet): Promise<StartTimes> {
  const found = await Promise.all(
    hosts.hosts.map(async ({ name }) => {
      const text = await hosts.check(
        name,
        "systemctl show -p Id -p ExecMainStartTimestampMonotonic mqnamesrv 'mqbroker@*'",
      );
      return parse(text).map(([unit, time]) => [`${name}/${unit}`, time] as const);
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Blocks of `Id=` and `ExecMainStartTimestampMonotonic=`, of which 0 was never started. */
export function parse(text: string): [unit: string, time: string][] {
  return text.split("\n\n").flatMap((block) => {
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(block)?.[1] ?? "";
    const unit = value("Id").replace(/\.service$/, "");
    const time = value("ExecMainStartTimestampMonotonic");
    return unit === "" || time === "" || time === "0" ? [] : [[unit, time]];
  });
}

/** What was started anew between the two, sorted. */
export function restarted(before: StartTimes, after: StartTimes): string[] {
  return Object.keys(before)
    .filter((unit) => after[unit] !== before[unit])
    .sort();
}
