import type { Draft } from "../draft";
import type { ExporterArgs } from "../exporter";
import { Mistakes } from "./rule";

export function exporterRules(exporter: Draft<ExporterArgs> | undefined, found: Mistakes): void {
  if (exporter?.source === "jar" && exporter.jar === undefined) {
    found.add(
      "exporter.jar",
      "required",
      "is missing",
      "Say where the jar is (url or file) and its sha512; nobody publishes one. Or use the source builtin.",
    );
  }
  if (exporter?.jar !== undefined && exporter.source !== "jar") {
    found.add(
      "exporter.jar",
      "conflict",
      "the builtin exporter takes no jar",
      "Set exporter.source: jar, or take the jar out.",
    );
  }
}

/** Needs the view with unknown values: an address that is not known yet is given all the same. */
export function jarRules(
  jar: { url?: unknown; file?: unknown } | undefined,
  found: Mistakes,
): void {
  if (jar !== undefined && (jar.url === undefined) === (jar.file === undefined)) {
    found.add(
      "exporter.jar",
      jar.url === undefined ? "required" : "conflict",
      jar.url === undefined
        ? "neither url nor file is given"
        : "url and file contradict each other",
      "Give one of them: url (fetched by the machine) or file (pushed over SSH).",
    );
  }
}
