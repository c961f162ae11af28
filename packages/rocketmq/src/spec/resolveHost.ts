import { uploadPath } from "../config/uploads";
import { sysctlValues } from "../config/sysctl";
import { BROKER_STOP_SECONDS } from "../config/units";
import { archiveUrl, DEFAULT_VERSION, javaFor } from "../config/versions";
import type { JavaDocument, OsDocument, PackageDocument } from "../remote/documents";
import { DEFAULTS } from "./defaults";
import type { HostArgs, JavaArgs, JvmArgs, OsArgs, PackageArgs } from "./host";
import { defined, type Plain } from "./plain";
import type { HostSettings, JvmSettings } from "./resolved";

/** For a host on its own; does not read machine or connection. */
export function resolveHost(args: Omit<Plain<HostArgs>, "machine" | "connection">): HostSettings {
  const version = args.version ?? DEFAULT_VERSION;
  const os = resolveOs(args.os ?? {});
  return {
    cluster: args.clusterName ?? DEFAULTS.clusterName,
    version,
    paths: {
      deploy: args.paths?.deploy ?? DEFAULTS.paths.deploy,
      data: args.paths?.data ?? DEFAULTS.paths.data,
    },
    user: args.user ?? DEFAULTS.user,
    package: resolvePackage(version, args.package ?? {}),
    java: resolveJava(version, args.java ?? {}),
    ...(os ? { os } : {}),
    timeouts: {
      stop: args.timeouts?.stop ?? BROKER_STOP_SECONDS,
      drain: args.timeouts?.drain ?? DEFAULTS.drainSeconds,
      decommission: args.timeouts?.decommission ?? DEFAULTS.decommissionSeconds,
      step: args.timeouts?.step ?? DEFAULTS.stepTimeout,
    },
    ...(args.reconcile ? { reconcile: args.reconcile } : {}),
    ...(args.adopt ? { adopt: true } : {}),
  };
}

function resolvePackage(
  version: string,
  { url, mirror, file, sha512 }: Plain<PackageArgs>,
): PackageDocument {
  return defined({
    version,
    url: file === undefined ? (url ?? archiveUrl(version, mirror)) : undefined,
    file: file === undefined ? undefined : uploadPath(file),
    sha512: sha512?.toLowerCase(),
  });
}

function resolveJava(
  version: string,
  { home, install, version: wanted }: Plain<JavaArgs>,
): JavaDocument {
  const row = javaFor(version);
  if (row === undefined) {
    throw new Error(`RocketMQ ${version} is not supported`);
  }
  return defined({
    min: row.min,
    max: row.max,
    preferred: wanted ?? row.preferred,
    home,
    install: home === undefined && (install ?? true),
  });
}

function resolveOs({
  tune,
  sysctl,
  strict,
  transparentHugepage,
  ioScheduler,
}: Plain<OsArgs>): OsDocument | undefined {
  if (tune === false) {
    return undefined;
  }
  return defined({
    sysctl: sysctlValues(sysctl ?? {}),
    transparentHugepage:
      transparentHugepage === ""
        ? undefined
        : (transparentHugepage ?? DEFAULTS.transparentHugepage),
    ioScheduler: ioScheduler === "" ? undefined : ioScheduler,
    strict: strict ?? false,
  });
}

export function resolveJvm(jvm: Plain<JvmArgs> | undefined): JvmSettings {
  return defined({
    heapMb: jvm?.heapMb,
    directMemoryMb: jvm?.directMemoryMb,
    options: jvm?.options ?? [],
  });
}
