import type { ClusterShape } from "../spec/resolved";
import type { Topology } from "./types";

/** Says who runs where. Throws only for shapes that `validateCluster` refuses. */
export function placeCluster(_shape: ClusterShape): Topology {
  throw new Error("to be filled in");
}
