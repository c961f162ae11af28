import { groupKeys } from "../../topology/groupKeys";
import { placeCluster } from "../../topology/place";
import type { RocketMQClusterArgs } from "../cluster";
import { DEFAULTS } from "../defaults";
import type { Draft } from "../draft";
import type { Plain } from "../plain";
import { resolveShape } from "../resolveShape";
import { Mistakes, repeated } from "./rule";

/** Broker groups that are to leave, and machines that are given up. */
export function takeOutRules(args: Draft<RocketMQClusterArgs>, found: Mistakes): void {
  decommissionRules(args, found);
  lostRules(args, found);
}

function decommissionRules(
  { decommission = [], groups, brokerGroups }: Draft<RocketMQClusterArgs>,
  found: Mistakes,
): void {
  const keys = groups?.map(({ key }) => key) ?? groupKeys(brokerGroups ?? DEFAULTS.brokerGroups);
  duplicates("decommission", decommission, found);
  decommission.forEach((key, index) => {
    if (typeof key === "string" && !keys.includes(key)) {
      found.add(
        `decommission[${index}]`,
        "unknown-group",
        `there is no broker group "${key}"`,
        `Write the key of one of the groups: ${keys.join(", ")}. A group that was taken out is taken off this list, too.`,
      );
    }
  });
  if (decommission.length > 0 && keys.every((key) => decommission.includes(key ?? ""))) {
    found.add(
      "decommission",
      "last-group",
      keys.length === 1 ? "it names the only broker group" : "it names every broker group",
      "Leave one that takes messages and has the topics; to end the whole cluster, set allowDestroy and use pulumi destroy.",
    );
  }
}

function lostRules({ lost = [], machines }: Draft<RocketMQClusterArgs>, found: Mistakes): void {
  const names = (machines ?? []).map(({ name }) => name);
  duplicates("lost", lost, found);
  lost.forEach((name, index) => {
    if (typeof name === "string" && !names.includes(name)) {
      found.add(
        `lost[${index}]`,
        "unknown-machine",
        `there is no machine "${name}"`,
        `Write the name of one of the machines: ${names.join(", ")}. One that has left the program is taken off this list, too.`,
      );
    }
  });
}

function duplicates(path: string, list: readonly (string | undefined)[], found: Mistakes): void {
  for (const index of repeated(list)) {
    found.add(`${path}[${index}]`, "repeated", `"${list[index]}" is there twice`, "Write it once.");
  }
}

/** What depends on who runs where; only for arguments that can be placed. */
export function leavingRules(args: Draft<RocketMQClusterArgs>, found: Mistakes): void {
  const { decommission = [], lost = [] } = args;
  if (decommission.length === 0 || lost.length === 0) {
    return;
  }
  const { brokers } = placeCluster(resolveShape(args as Plain<RocketMQClusterArgs>));
  decommission.forEach((key, index) => {
    const master = brokers.find((b) => b.groupKey === key && b.index === 0);
    if (master !== undefined && lost.includes(master.machine)) {
      found.add(
        `decommission[${index}]`,
        "lost-master",
        `the machine of its master, "${master.machine}", is lost: nobody can close it or tell what is unread`,
        "Take it off one of the two lists. What its slaves have is read from them; then take the group out of the program.",
      );
    }
  });
}
