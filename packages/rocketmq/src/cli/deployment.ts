import { CliError } from "./cliError";

/** A resource as `pulumi stack export` writes it, as far as it is read here. */
export interface ExportedResource {
  urn: string;
  type: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** Replaced, and waiting to be deleted: not what the program wants any more. */
  delete?: boolean;
}

/** What `pulumi stack export` prints. */
export interface StackExport {
  deployment?: { resources?: ExportedResource[] };
}

/** How a secret is marked in an export, by key and value; the same in every stack. */
const SIGNATURE = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"] as const;

/** A value of an export that was made with `--show-secrets`, without the wrapping of its secrets. */
export function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrap);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const object = value as Record<string, unknown>;
  const [key, signature] = SIGNATURE;
  if (object[key] === signature) {
    if (typeof object["plaintext"] !== "string") {
      throw new CliError("a secret of the stack is still encrypted", "Export with --show-secrets.");
    }
    return unwrap(JSON.parse(object["plaintext"]));
  }
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name, unwrap(member)]));
}

/** `rocketmq-broker-a-0-config` of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
