import { refusal, refusedChange } from "../config/hotKeys";
import type { Change } from "./changes";
import type { NodeState } from "./explain";

const PATHS: Readonly<Record<string, string>> = {
  data: "the node would start without its data: set paths.data back; a bigger disk is mounted at the old path",
  deploy: "what runs there would be left behind: set paths.deploy back",
};

const NOT_MEANT =
  "If it was not meant to move: another replicasPerGroup or brokersPerMachine, and zones, place every group anew, so set it back, or name the machines of each group in `groups`, as they are now";

/** Of a slave whose machine is still there and which nobody has put on another one. */
export const PLACED_ANEW = `what is older than its master's last commit log file would be on the master alone. If it is to move, name the machines of its group in \`groups\`. ${NOT_MEANT}`;

const MOVED_MASTER = `another machine has none of its messages: add a broker group on the new machine, then take this one out (decommission). If it is the same machine, change its name and its address one after the other. ${NOT_MEANT}`;

/** The remedy of a change that would lose data or identity; nothing for one that may happen. */
export function remedyOf({ path }: Change, from: NodeState, to: NodeState): string | undefined {
  const [first, second, third] = path;
  switch (first) {
    case "identity":
      return refusal(second ?? "") ?? "a broker keeps what it is";
    case "cluster":
      return "a node belongs to one cluster: set clusterName back, or raise a second cluster on other machines";
    case "paths":
      return PATHS[second ?? ""];
    case "user":
      return "its files belong to the old user, some of them while it runs: set user back";
    case "address":
      return moved(from, to) && moveOf(from, to) === undefined ? movedRemedy(to) : undefined;
    case "unit":
      return second === "name" ? UNIT_NAME : undefined;
    case "release":
      return releaseRemedy(second, third ?? "", from, to);
    default:
      return undefined;
  }
}

const NAMESRV_PORT =
  "brokers and clients know it by its port, and would look for it at the old one: set ports.namesrv back (the port of a NamesrvNode)";

const UNIT_NAME = "the old unit would go on running beside the new one";

function releaseRemedy(
  part: string | undefined,
  key: string,
  from: NodeState,
  to: NodeState,
): string | undefined {
  if (part === "unit" && key === "name") {
    return UNIT_NAME;
  }
  if (part !== "conf") {
    return undefined;
  }
  return key === "listenPort" && roleOf(to) === "namesrv"
    ? NAMESRV_PORT
    : refusedChange(key, from.release?.conf ?? {}, to.release?.conf ?? {});
}

/** Told once: what follows from a refused change, or says the same in other words. */
export function follows({ path }: Change, from: NodeState, to: NodeState): boolean {
  const [first, second, third = ""] = path;
  const identity = to.identity ?? {};
  if (first === "cluster") {
    return "brokerClusterName" in identity;
  }
  if (first === "package") {
    return second !== "version" && from.package?.version !== to.package?.version;
  }
  if (first === "identity" && second === "storePathRootDir") {
    return from.paths?.data !== to.paths?.data;
  }
  if (first === "release" && second === "conf") {
    return (
      third in identity ||
      (third.startsWith("storePath") &&
        from.identity?.["storePathRootDir"] !== to.identity?.["storePathRootDir"])
    );
  }
  return false;
}

/** What it means that a node is on another machine; nothing where it is not, or may not be. */
export function moveOf(from: NodeState, to: NodeState): string | undefined {
  if (!moved(from, to) || from.host === undefined) {
    return undefined;
  }
  switch (roleOf(to)) {
    case "broker":
      return to.identity?.["brokerId"] === 0
        ? undefined
        : `moves from ${from.host} to ${to.host}: it stops there, where its data stays, and begins on the new machine with its master's last commit log file; what is older is then on the master alone`;
    case "namesrv":
      return `moves from ${from.host} to ${to.host}: it stops there when brokers and exporter know the new one. Clients have a list of their own: change that, too. (To take out another one than the last, give the rest their nameServerNumbers)`;
    case "exporter":
      return `moves from ${from.host} to ${to.host}: it stops there when it answers on the new one, where Prometheus must find it`;
    default:
      return undefined;
  }
}

function roleOf({ node }: NodeState): string {
  return (node ?? "").split("-")[0] ?? "";
}

/** Another name and another address at once: another machine, as far as one can tell from here. */
function moved(from: NodeState, to: NodeState): boolean {
  return from.host !== to.host && from.address !== to.address;
}

function movedRemedy(to: NodeState): string {
  return to.identity?.["brokerId"] === 0 ? MOVED_MASTER : "it would run on the old machine too";
}
