import { isSupported, javaFor, SUPPORTED_LINES, TESTED_VERSIONS } from "../../config/versions";
import type { SshConnectionArgs } from "../connection";
import { DEFAULTS } from "../defaults";
import type { Draft } from "../draft";
import type { HostArgs } from "../host";
import { Mistakes } from "./rule";

/** What a host and a cluster have in common. */
export function hostRules(args: Draft<Omit<HostArgs, "machine">>, found: Mistakes): void {
  versionRules(args, found);
  packageRules(args, found);
  pathRules(args, found);
  if (args.user === "root") {
    found.add(
      "user",
      "root-user",
      "RocketMQ must not run as root: who takes over a broker would own the machine",
      `Leave it out for the user "${DEFAULTS.user}", or name another system user.`,
    );
  }
}

export function connectionRules(
  connection: Draft<SshConnectionArgs> | undefined,
  found: Mistakes,
  path: string,
): void {
  if (connection?.sudo === false && (connection.user ?? "root") !== "root") {
    found.add(
      `${path}.sudo`,
      "no-root",
      `the steps need root, and "${connection.user}" is not`,
      "Leave sudo out and let the user run sudo without a password, or connect as root.",
    );
  }
}

function versionRules({ version, java }: Draft<Omit<HostArgs, "machine">>, found: Mistakes): void {
  if (version !== undefined && !isSupported(version)) {
    const lines = SUPPORTED_LINES.map(({ from, before }) => `${from} to below ${before}`);
    found.add(
      "version",
      "unsupported-version",
      `RocketMQ ${version} is not supported`,
      `Choose one of the tested versions: ${TESTED_VERSIONS.join(", ")} (accepted: ${lines.join(", ")}).`,
    );
    return;
  }
  const row = version === undefined ? undefined : javaFor(version);
  const wanted = java?.version;
  if (row && wanted !== undefined && (wanted < row.min || wanted > row.max)) {
    found.add(
      "java.version",
      "unsupported-java",
      `RocketMQ ${version} does not run on Java ${wanted}`,
      `Choose ${row.min} to ${row.max}; ${row.preferred} is the best tested.`,
    );
  }
}

function packageRules(
  { package: source }: Draft<Omit<HostArgs, "machine">>,
  found: Mistakes,
): void {
  const given = (["url", "mirror", "file"] as const).filter((key) => source?.[key] !== undefined);
  if (given.length > 1) {
    found.add(
      "package",
      "conflict",
      `${given.join(" and ")} contradict each other`,
      "Keep one of url, mirror and file.",
    );
  }
}

function pathRules({ paths }: Draft<Omit<HostArgs, "machine">>, found: Mistakes): void {
  const deploy = paths?.deploy ?? DEFAULTS.paths.deploy;
  const data = paths?.data ?? DEFAULTS.paths.data;
  if (`${deploy}/`.startsWith(`${data}/`) || `${data}/`.startsWith(`${deploy}/`)) {
    found.add(
      paths?.data === undefined ? "paths.deploy" : "paths.data",
      "nested-paths",
      `${deploy} and ${data} are not apart`,
      "Choose two folders of which none is in the other: programs are removed with a cluster, data stays.",
    );
  }
}
