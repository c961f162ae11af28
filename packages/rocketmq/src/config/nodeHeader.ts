import { DOCUMENT_FORMAT, type ReleaseDocument, type RestartDocument } from "../remote/documents";
import type { HostSettings } from "../spec/resolved";

/** A new text makes a step run again; the agent then compares everything and repairs. */
export function reconciliation({ reconcile }: HostSettings) {
  return reconcile === undefined ? {} : { reconcile };
}

/** In a node's first step only: a rollout's document must not change when this is taken out. */
export function adoption({ adopt }: HostSettings) {
  return adopt ? { adopt } : {};
}

/** What a start depends on: the document of a rollout changes when a restart is due. */
export function toRestart(release: ReleaseDocument): RestartDocument {
  const { min, max, preferred, home } = release.java;
  const { name, nofile } = release.unit;
  return {
    ...release,
    java: { min, max, preferred, ...(home === undefined ? {} : { home }) },
    unit: { name, nofile },
  };
}

/** What the document of every node begins with, in the order in which a preview shows it. */
export function nodeHeader(host: HostSettings, slot: { slot: string; machine: string }) {
  return {
    format: DOCUMENT_FORMAT,
    host: slot.machine,
    cluster: host.cluster,
    node: slot.slot,
    paths: host.paths,
    user: host.user,
    ...reconciliation(host),
  };
}
